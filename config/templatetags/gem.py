"""The components of the look as template tags; docs/reference/look.md shows each.

One tag per component keeps the class names of NL Design System in one place, so a
new version of it changes templates/components and nothing else. Registered under
TEMPLATES builtins: no {% load %} is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from config.look import (
    CHIP_MARKS,
    KIND_LOOKS,
    KindLook,
    ProgressPoint,
    draw_progress,
    icon_shapes,
    kind_look,
)

register = template.Library()

ALERTS = {
    "info": ("info", "info"),
    "ok": ("ok", "circle-check"),
    "warning": ("warning", "triangle-alert"),
    "error": ("error", "octagon-alert"),
}
MESSAGE_ALERTS = {"success": "ok", "debug": "info"}
PILL_ICONS = {
    "draft": "pencil",
    "ok": "circle-check",
    "bad": "circle-alert",
    "warn": "triangle-alert",
    "info": "info",
    "plain": "",
}
VARIANTS = {
    "primary": "primary-action",
    "secondary": "secondary-action",
    "subtle": "subtle",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline icon; hidden from screen readers unless it has a label."""
    if label:
        return _drawn(name, format_html('role="img" aria-label="{}"', label))
    return _silent(name)


@cache
def _silent(name: str) -> SafeString:
    """Drawn once a process: a week shows the same twenty hundreds of times."""
    return _drawn(name, mark_safe('aria-hidden="true"'))


def _drawn(name: str, start: SafeString) -> SafeString:
    shapes = icon_shapes().get(name)
    if shapes is None:
        raise ValueError(f"icon {name!r} is not vendored; see tools/vendor_assets.py")
    return format_html(
        '<svg class="gem-icon" viewBox="0 0 24 24" focusable="false" {}>{}</svg>',
        start,
        mark_safe(shapes),  # noqa: S308 (our own vendored file)
    )


def html_attributes(attributes: dict[str, Any]) -> SafeString:
    """Keyword arguments as attributes: hx_post="x" becomes hx-post="x".

    True gives a bare attribute; False and None leave it out. Styles and inline
    handlers are refused: the content security policy would ignore them silently.
    """
    pairs = []
    for key, value in attributes.items():
        name = key.rstrip("_").replace("_", "-")
        if name == "style" or name.startswith("on"):
            raise ValueError(f"attribute {name!r} is not allowed (strict CSP)")
        if value is True:
            pairs.append((name, ""))
        elif value is not None and value is not False:
            pairs.append((name, value))
    return format_html_join("", ' {}="{}"', pairs)


@register.simple_tag
def button(
    label: str,
    href: str = "",
    variant: str = "secondary",
    icon_name: str = "",
    *,
    small: bool = False,
    wide: bool = False,
    danger: bool = False,
    **attributes: Any,
) -> str:
    """A button, or a link that looks like one (href). One primary a screen."""
    if variant not in VARIANTS:
        raise ValueError(f"button variant {variant!r}; know {sorted(VARIANTS)}")
    base = "utrecht-button-link utrecht-button" if href else "utrecht-button"
    classes = [base, f"utrecht-button--{VARIANTS[variant]}"]
    classes += [
        f"gem-button--{name}"
        for name, on in (("small", small), ("wide", wide), ("danger", danger))
        if on
    ]
    if not href:
        attributes.setdefault("type", "submit")
    return render_to_string(
        "components/button.html",
        {
            "label": label,
            "href": href,
            "icon_name": icon_name,
            "classes": " ".join(classes),
            "attributes": html_attributes(attributes),
        },
    )


@register.inclusion_tag("components/pill.html")
def pill(text: str, tone: str = "plain", icon_name: str | None = None) -> dict:
    """A short state in words, with its shape: draft, ok, bad, warn, info, plain."""
    if tone not in PILL_ICONS:
        raise ValueError(f"pill tone {tone!r}; know {sorted(PILL_ICONS)}")
    chosen = PILL_ICONS[tone] if icon_name is None else icon_name
    return {"text": text, "tone": tone, "icon_name": chosen}


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: str = "", role: str = "") -> str:
    """A message that stands out; role="alert" or "status" to have it read aloud."""
    tone = MESSAGE_ALERTS.get(tone, tone)
    if tone not in ALERTS:
        raise ValueError(f"alert tone {tone!r}; know {sorted(ALERTS)}")
    css, icon_name = ALERTS[tone]
    return render_to_string(
        "components/alert.html",
        {
            "content": content,
            "css": css,
            "icon_name": icon_name,
            "title": title,
            "role": role,
        },
    )


@register.inclusion_tag("components/facts_card.html")
def facts_card(
    value: Any, label: str, of: Any = "", percent: float | None = None
) -> dict:
    """One number that means something to the reader; a <li> inside ul.gem-facts."""
    return {"value": value, "label": label, "of": of, "percent": percent}


@register.inclusion_tag("components/bar.html")
def bar(percent: float) -> dict:
    """A thin bar of a share in percent; the words beside it carry the meaning."""
    return {"percent": min(100.0, max(0.0, float(percent)))}


@register.filter(name="kind_css")
def kind_css(kind: str, meeting_format: str = "") -> str:
    """CSS class of a kind: <li class="gem-entry {{ s.kind|kind_css:s.format }}">."""
    return f"gem-kind--{kind_look(kind, meeting_format).css}"


@register.filter(name="kind_word")
def kind_word(kind: str, meeting_format: str = "") -> str:
    """The kind in words."""
    return str(kind_look(kind, meeting_format).word)


@register.simple_tag
def kind_icon(kind: str, meeting_format: str = "") -> SafeString:
    """The kind's icon, hidden from screen readers: put the word beside it."""
    return icon(kind_look(kind, meeting_format).icon)


@register.inclusion_tag("components/legend.html")
def legend(kinds: Iterable[str] = (), *, states: bool = False) -> dict:
    """What the colours and icons mean; without names, every look but "other".

    `states`: with the shapes and icons of the states of a session.
    """
    looks: list[KindLook] = [kind_look(kind) for kind in kinds]
    if not looks:
        looks = [look for name, look in KIND_LOOKS.items() if name != "other"]
    return {"looks": looks, "states": states}


@register.simple_tag
def chip(
    title: str,
    line: str,
    kind: str,
    meeting_format: str = "",
    href: str = "",
    *,
    selected: bool = False,
    moved: bool = False,
    pinned: bool = False,
    conflict: bool = False,
    cancelled: bool = False,
    few: bool = False,
    unled: bool = False,
    **attributes: Any,
) -> SafeString:
    """A session on the board: link (href), else button with hx- attributes.

    `few`: below the smallest group; `unled`: nobody leads it. Written here and not in
    a template: a week has hundreds, and a template asks ten times as long for each.
    """
    look = kind_look(kind, meeting_format)
    states = {
        "selected": selected,
        "moved": moved,
        "conflict": conflict,
        "cancelled": cancelled,
        "few": few,
        "unled": unled,
    }
    return format_html(
        '<{} class="gem-chip gem-kind--{}{}"{}{}>'
        '<span class="gem-chip__title">{} {}</span>'
        '<span class="gem-hidden"> {}. </span>'
        '<span class="gem-chip__line">{}</span>{}</{}>',
        format_html('a href="{}"', href) if href else mark_safe('button type="button"'),
        look.css,
        "".join(f" gem-chip--{name}" for name, on in states.items() if on),
        mark_safe(' aria-current="true"') if selected else "",
        html_attributes(attributes),
        icon(look.icon),
        title,
        look.word,
        # each part of "9.30 · 9/10 · les 4" stays in one piece
        format_html_join(
            " · ",
            '<span class="gem-nowrap">{}</span>',
            [[part] for part in line.split(" · ")],
        ),
        _marks([name for name, on in {**states, "pinned": pinned}.items() if on]),
        "a" if href else "button",
    )


def _marks(states: Collection[str]) -> str:
    """The states of a chip in words, each with its shape; nothing without one."""
    marks = [
        (
            mark_safe(' class="gem-bad-text"') if name == "conflict" else "",
            icon(mark.icon),
            mark.word,
        )
        for name, mark in CHIP_MARKS.items()
        if name in states
    ]
    if not marks:
        return ""
    parts = format_html_join("", "<span{}>{} {}</span>", marks)
    return format_html('<span class="gem-chip__marks">{}</span>', parts)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "", *, short: bool = False) -> dict:
    """Label, hint, error and control, wired with aria-describedby."""
    widget = bound.field.widget
    hint = hint or str(bound.help_text)
    described = [f"{bound.auto_id}_hint"] if hint else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attributes: dict[str, Any] = {"aria-describedby": " ".join(described) or False}
    if widget.attrs.get("placeholder") == bound.label:
        attributes["placeholder"] = False  # the label says it already, and stays
    shape = "control"
    if isinstance(widget, forms.CheckboxInput):
        shape = "checkbox"
    elif isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        shape = "choices"
    else:
        attributes["class"] = _control_class(widget, short=short)
    return {
        "bound": bound,
        "hint": hint,
        "shape": shape,
        "described": " ".join(described),
        "control": "" if shape == "choices" else bound.as_widget(attrs=attributes),
    }


def _control_class(widget: forms.Widget, *, short: bool) -> str:
    name = "textbox"
    if isinstance(widget, forms.Select):
        name = "select"
    elif isinstance(widget, forms.Textarea):
        name = "textarea"
    own = widget.attrs.get("class", "")
    extra = " utrecht-textbox--short" if short else ""
    return f"utrecht-{name} utrecht-{name}--html-{name}{extra} {own}".strip()


@register.inclusion_tag("components/fields.html")
def fields(form: forms.BaseForm) -> dict:
    """Every field of a form in order, hidden ones included."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict:
    """What is wrong, in one place, with a link to each field; else nothing."""
    links = [
        (
            f"{bound.auto_id}_0"
            if isinstance(
                bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple
            )
            else bound.auto_id,
            bound.label,
            bound.errors,
        )
        for bound in form.visible_fields()
        if bound.errors
    ]
    return {"links": links, "general": form.non_field_errors()}


@register.inclusion_tag("components/steps.html")
def steps(items: Sequence[Sequence[str]]) -> dict:
    """Steps in order: (state, title, text), state one of done, current, todo."""
    return {"items": items}


@register.inclusion_tag("components/segments.html")
def segments(label: str, items: Sequence[Sequence[Any]]) -> dict:
    """A switch between views of one thing: items are (text, href, is current)."""
    return {"label": label, "items": items}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page) -> dict:
    """Pages of a list; keeps the other query parameters of the address."""
    paginator = page.paginator
    return {
        "page": page,
        "request": context.get("request"),
        "numbers": list(paginator.get_elided_page_range(page.number, on_ends=1)),
        "gap": paginator.ELLIPSIS,
    }


@register.inclusion_tag("components/progress_chart.html")
def progress_chart(points: Iterable[Any]) -> dict:
    """Value under its proven bound over time, as drawing and as table.

    Points are ProgressPoint or (seconds, value, bound); unknown numbers are None.
    """
    known = [
        point if isinstance(point, ProgressPoint) else ProgressPoint(*point)
        for point in points
    ]
    return {"points": known, "drawing": draw_progress(known)}


@register.simple_block_tag
def empty(content: str, title: str, icon_name: str = "sprout") -> str:
    """What to say, and do next, where a list has nothing to show."""
    return render_to_string(
        "components/empty.html",
        {"content": content, "title": title, "icon_name": icon_name},
    )


@register.simple_block_tag
def disclosure(content: str, summary: str, *, open: bool = False) -> str:  # noqa: A002
    """More on demand, or a question once more, without any script."""
    return render_to_string(
        "components/disclosure.html",
        {"content": content, "summary": summary, "open": open},
    )
