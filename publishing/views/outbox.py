"""The outbox: every message that goes, went, or waits; read, mended and let go here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from audit.actor import Actor
from courses.services.for_other import seat_of_message
from messaging import selectors, services
from messaging.enums import MessageChannel, MessageState
from messaging.selectors import Tab
from messaging.services import MAX_ATTEMPTS, StaleWords
from people.enums import Role
from scheduling import words
from scheduling.services.access import Reach, care_reach, planners_only, reach_of

TABS = {
    Tab.REVIEW: gettext_lazy("To look over"),
    Tab.BY_HAND: gettext_lazy("To call or write"),
    Tab.TROUBLE: gettext_lazy("Went wrong"),
    Tab.TO_GO: gettext_lazy("On their way"),
    Tab.SENT: gettext_lazy("Sent"),
    Tab.DROPPED: gettext_lazy("Dropped"),
}
PILLS = {
    MessageState.DRAFT: "draft",
    MessageState.APPROVED: "info",
    MessageState.SENDING: "info",
    MessageState.SENT: "ok",
    MessageState.UNSURE: "warn",
    MessageState.FAILED: "bad",
    MessageState.DROPPED: "plain",
}

LONGEST = 18
"""Digits of a number of a row, at most."""


class WordsForm(forms.Form):
    """The words of a message in review, and the mark of those that were looked at."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=120)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=5000,
        help_text=gettext_lazy(
            "Neutral: no title of a group, no place, no name of anybody."
        ),
    )


def _tab(request: HttpRequest) -> Tab:
    try:
        return Tab(request.GET.get("bak", Tab.REVIEW))
    except ValueError:
        raise Http404("no such heap") from None


def _release(request: HttpRequest) -> str:
    asked = request.GET.get("publicatie", "")
    return asked if asked.isdigit() else ""


def _address(tab: Tab, release: str) -> str:
    query = {"bak": tab.value} | ({"publicatie": release} if release else {})
    return f"{reverse('publishing:outbox')}?{urlencode(query)}"


@require_safe
@planners_only
def outbox(request: HttpRequest) -> HttpResponse:
    """The heaps of the outbox, one at a time, with what can be done with many."""
    tab, release = _tab(request), _release(request)
    reach: dict[str, Any] = {"organisation_ids": reach_of(request.user).organisations}
    counts = selectors.outbox_counts(release=release, **reach)
    care = care_reach(request.user)
    to_review = tab == Tab.REVIEW
    shown = selectors.ids_to_review(release=release, **reach) if to_review else []
    page = selectors.outbox_page(
        actor=Actor.of(request.user),
        tab=tab,
        number=request.GET.get("page"),
        release=release,
        **reach,
    )
    context = {
        "page": page,
        "lines": [_line(row, care) for row in page],
        "tab": tab,
        "tabs": [
            (f"{words_} ({counts[key]})", _address(key, release), key == tab)
            for key, words_ in TABS.items()
        ],
        "shown": shown,
        "release": release,
        "everything": _address(tab, ""),
        "here": _address(tab, release),
        "may_approve": to_review,
        "may_hold_back": tab == Tab.TO_GO,
        "may_drop": tab in {Tab.REVIEW, Tab.BY_HAND, Tab.TO_GO, Tab.TROUBLE},
    }
    return render(request, "publishing/outbox.html", context)


def _line(row: Any, care: Reach) -> dict[str, Any]:
    return {
        "row": row,
        "to": _to(row, care),
        "pill": PILLS[MessageState(row.state)],
        "state": state_words(row),
        "when": words.moment_in_text(timezone.localtime(row.sent_at or row.created_at)),
    }


def _is_named(row: Any, care: Reach) -> bool:
    """Whether names and addresses are for the reader: for who coordinates there."""
    if row.recipient is None:
        return care.whole_region
    return care.has(row.recipient.organisation_id)


def _to(row: Any, care: Reach) -> str:
    if not _is_named(row, care):
        return _("a coordinator sees to whom")
    if row.recipient is None:
        return services.masked(row.address)
    return str(row.recipient.group_name)


def state_words(row: Any) -> str:
    """The state in words; a failed message says whether it is tried again."""
    if row.state == MessageState.FAILED and row.attempts < MAX_ATTEMPTS:
        return _("tried again at %(time)s") % {
            "time": timezone.localtime(row.not_before).strftime("%H.%M")
        }
    if row.channel == MessageChannel.HAND and row.state == MessageState.SENT:
        return _("told")
    return str(row.get_state_display())


@require_POST
@planners_only
def outbox_many(request: HttpRequest) -> HttpResponse:
    """Approve, hold back or drop the chosen messages, or approve all that were shown.

    What came in after the page was opened has been seen by nobody, and waits.
    """
    reach: dict[str, Any] = {"organisation_ids": reach_of(request.user).organisations}
    actor = Actor.of(request.user)
    act, release = request.POST.get("act", ""), _release(request)
    named = request.POST.getlist("message")
    if act == "approve_all":
        named = request.POST.get("shown", "").split()
    ids = selectors.ids_in_reach(message_ids=_numbers(named), **reach)
    if act in {"approve", "approve_all"}:
        number = services.approve(actor=actor, message_ids=ids)
        said = ngettext(
            "%(number)d message was approved.",
            "%(number)d messages were approved.",
            number,
        )
    elif act == "hold_back":
        number = services.hold_back(actor=actor, message_ids=ids)
        said = ngettext(
            "%(number)d message is held back.",
            "%(number)d messages are held back.",
            number,
        )
    elif act == "drop":
        number = services.drop(actor=actor, message_ids=ids)
        said = ngettext(
            "%(number)d message was dropped.",
            "%(number)d messages were dropped.",
            number,
        )
    else:
        raise Http404("no such act")
    if number:
        messages.success(request, said % {"number": number})
    else:
        messages.info(request, _("Choose messages first."))
    if act == "approve_all":
        left = len(selectors.ids_to_review(release=release, **reach))
        _say_left(request, left)
    return redirect(_address(_tab(request), release))


def _numbers(texts: Iterable[str]) -> list[int]:
    """Those that can be the number of a row (a bigint)."""
    return [int(one) for one in texts if one.isdecimal() and len(one) <= LONGEST]


def _say_left(request: HttpRequest, left: int) -> None:
    if left:
        said = ngettext(
            "%(number)d message came in after you opened the page. It waits for you "
            "to look at it.",
            "%(number)d messages came in after you opened the page. They wait for you "
            "to look at them.",
            left,
        )
        messages.info(request, said % {"number": left})


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def outbox_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message: its words, how it went, and what can be done (POST).

    Words that somebody else changed meanwhile are shown (409); nothing is done then,
    and what was typed stays in the form.
    """
    row = _message(request, message_id)
    if request.method != "POST":
        return _page(request, row)
    editing = request.POST.get("act") == "edit"
    form = WordsForm(request.POST) if editing else None
    try:
        if form is None:
            _act(request, row)
        elif not (form.is_valid() and _edit(request, row.pk, form)):
            return _page(request, row, form=form, status=400)
    except StaleWords:
        newer = _message(request, message_id)
        renewed = request.POST.copy()
        renewed["seen"] = newer.words_mark
        form = WordsForm(renewed) if editing else None
        return _page(request, newer, form=form, stale=True, status=409)
    return redirect("publishing:outbox_message", message_id=row.pk)


def _message(request: HttpRequest, message_id: int) -> Any:
    """The message, in the reach of the account; 404 else. Looking is logged."""
    row = selectors.message_by_id(
        actor=Actor.of(request.user),
        message_id=message_id,
        organisation_ids=reach_of(request.user).organisations,
    )
    if row is None:
        raise Http404("no such message")
    return row


def _page(
    request: HttpRequest,
    row: Any,
    *,
    form: WordsForm | None = None,
    stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page of a message; `form` holds what was typed and could not be kept."""
    now = {"subject": row.subject, "body": row.body, "seen": row.words_mark}
    care = care_reach(request.user)
    context = {
        **_line(row, care),
        "named": _is_named(row, care),
        "form": form or WordsForm(initial=now),
        "typed": form is not None,
        "stale": stale,
        "paragraphs": row.body.split("\n\n"),
        "is_draft": row.state == MessageState.DRAFT,
        "by_hand": row.channel == MessageChannel.HAND,
        "may_tell": row.channel == MessageChannel.HAND
        and row.state in {MessageState.DRAFT, MessageState.APPROVED},
        "may_hold_back": row.state in {MessageState.APPROVED, MessageState.FAILED},
        "may_drop": row.state
        in {
            MessageState.DRAFT,
            MessageState.APPROVED,
            MessageState.FAILED,
            MessageState.UNSURE,
        },
        "in_doubt": row.state == MessageState.UNSURE,
        # Not "failed": the frame of every page has words of that name.
        "went_wrong": row.state == MessageState.FAILED,
        "offered_seat": _offered_seat(request, row),
        "back": reverse("publishing:outbox"),
    }
    return render(request, "publishing/outbox_message.html", context, status=status)


def _offered_seat(request: HttpRequest, row: Any) -> int | None:
    """The seat that is offered in a message told by hand: its answer is written down.

    None for who is no coordinator, and so cannot answer for somebody.
    """
    by_hand = row.channel == MessageChannel.HAND and row.state != MessageState.DROPPED
    if not by_hand or not request.user.has_role(Role.COORDINATOR):  # type: ignore[union-attr]
        return None
    return seat_of_message(row.key)


def _edit(request: HttpRequest, pk: int, form: WordsForm) -> bool:
    actor = Actor.of(request.user)
    try:
        services.edit(actor=actor, message_id=pk, **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused.messages[0])
        return False
    messages.success(request, _("The message was changed."))
    return True


def _act(request: HttpRequest, row: Any) -> None:
    actor, pk, act = Actor.of(request.user), row.pk, request.POST.get("act", "")
    # What nobody may read, nobody saw.
    seen = None if row.secret else {pk: request.POST.get("seen", "")}
    acts = {
        "approve": lambda: services.approve(actor=actor, message_ids=[pk], seen=seen),
        "hold_back": lambda: services.hold_back(actor=actor, message_ids=[pk]),
        "drop": lambda: services.drop(actor=actor, message_ids=[pk]),
        "told": lambda: services.mark_told(actor=actor, message_id=pk),
        "again": lambda: services.send_again(actor=actor, message_id=pk),
    }
    if act not in acts:
        raise Http404("no such act")
    if acts[act]():
        messages.success(request, _("Done."))
    else:  # another pressed first
        messages.info(request, _("This message is in another state by now."))
