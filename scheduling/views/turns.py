"""Waiting lists by group: whose the seats are, who is next, and a turn that changes.

People appear by the number of their request; a name is not needed to keep the order.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from audit.actor import Actor
from courses import words as offer_words
from courses.enums import TurnReason
from courses.selectors.turns import (
    open_offers,
    running_series,
    seat_owners,
    series_with_queues,
    turn_changes,
    turns_of,
    why_the_head_waits,
)
from courses.services.sizes import set_largest
from courses.services.turns import (
    BY_HAND,
    change_need_class,
    offer_out_of_turn,
)
from scheduling import words
from scheduling.services.access import (
    as_coordinator,
    care_reach,
    planners_only,
    reach_of,
)

CLASSES = [
    (1, gettext_lazy("1, most urgent")),
    (2, "2"),
    (3, gettext_lazy("3, usual")),
    (4, "4"),
    (5, gettext_lazy("5, can wait")),
]


class TurnForm(forms.Form):
    """Whose turn changes, how, and why."""

    registration = forms.TypedChoiceField(label=gettext_lazy("Request"), coerce=int)
    change = forms.ChoiceField(label=gettext_lazy("What changes"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[("", "---")] + [(one.value, one.label) for one in BY_HAND],
        help_text=gettext_lazy("Is kept, with your name. Nothing about health."),
    )

    def __init__(self, *args: Any, waiting: list[Any], free: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        numbers = [(one.pk, _("Request %(number)s") % {"number": one.pk})
                   for one in waiting]  # fmt: skip
        self.fields["registration"].choices = numbers  # type: ignore[attr-defined]
        changes: list[tuple[str, Any]] = [
            (str(number), _("Urgency: %(class)s") % {"class": label})
            for number, label in CLASSES
        ]
        if free:
            changes.append(("offer", _("Offer the free seat now, out of turn")))
        self.fields["change"].choices = changes  # type: ignore[attr-defined]


class SizeForm(forms.Form):
    """How large the group may be."""

    size_max = forms.IntegerField(
        label=gettext_lazy("Largest group"), min_value=1, max_value=500
    )


@require_safe
@planners_only
def queues_by_group(request: HttpRequest) -> HttpResponse:
    """The groups that somebody waits for; numbers only."""
    reach = reach_of(request.user)
    lines = series_with_queues(organisation_ids=reach.organisations)
    context = {
        "lines": [
            {
                "line": line,
                "when": offer_words.usual_time(line.series),
                "place": offer_words.place(line.series),
                "free": max(line.series.seats_open, 0),
            }
            for line in lines
        ]
    }
    return render(request, "scheduling/queues.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def queue(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """One waiting list in order, its offers, and what a coordinator may change."""
    turning = request.method == "POST" and request.POST.get("act") != "size"
    # Whose turn it is, is a decision on care; how large a group is, one of planning.
    reach = as_coordinator(request) if turning else reach_of(request.user)
    series = running_series(series_id=series_id, organisation_ids=reach.organisations)
    if series is None:
        raise Http404("no such group")
    actor = Actor.of(request.user)
    waiting = turns_of(actor=actor, series=series)
    free = series.seats_open > 0
    turn = TurnForm(waiting=waiting, free=free)
    size = SizeForm(initial={"size_max": series.largest})
    status = 200
    if request.method == "POST":
        if turning:
            form: forms.Form = TurnForm(request.POST, waiting=waiting, free=free)
            turn = form  # type: ignore[assignment]
        else:
            form = SizeForm(request.POST)
            size = form
        if form.is_valid() and _done(request, series, waiting, form):
            return redirect("scheduling:queue", series_id=series_id)
        status = 400
    context = {
        "series": series,
        "when": offer_words.usual_time(series),
        "place": offer_words.place(series),
        "owners": seat_owners(series=series),
        "waiting": [
            {
                "number": place,
                "row": row,
                "since": _day(row),
            }
            for place, row in enumerate(waiting, start=1)
        ],
        "offers": [
            {
                "row": row,
                "until": words.moment_in_text(timezone.localtime(row.offer_expires_at)),
            }
            for row in open_offers(series=series)
        ],
        "head_waits": why_the_head_waits(series=series, head=waiting[0])
        if waiting and free
        else [],
        "changes": [
            {
                "row": row,
                "what": _what(row),
                "when": words.moment_in_text(timezone.localtime(row.changed_at)),
                "by": row.changed_by.email if row.changed_by is not None else "",
            }
            for row in turn_changes(series=series)
        ],
        "turn": turn
        if care_reach(request.user).has(series.offering.organisation_id)
        else None,
        "size": size,
    }
    return render(request, "scheduling/queue.html", context, status=status)


def _day(row: Any) -> Any:
    return timezone.localdate(row.registered_at)


def _what(row: Any) -> str:
    if row.series_id is not None:
        return _("A seat was offered out of turn")
    was, now = row.was.partition(" "), row.now.partition(" ")
    if was[0] != now[0]:
        return _("Urgency from %(was)s to %(now)s") % {"was": was[0], "now": now[0]}
    return _("Asked on %(was)s, now %(now)s") % {"was": was[2], "now": now[2]}


def _done(
    request: HttpRequest, series: Any, waiting: list[Any], form: forms.Form
) -> bool:
    """Do what was asked; a refusal is said at the form, and nothing has changed."""
    actor = Actor.of(request.user)
    facts = form.cleaned_data
    try:
        if isinstance(form, SizeForm):
            set_largest(series=series, size_max=facts["size_max"], actor=actor)
            messages.success(request, _("The size of the group was changed."))
            return True
        common: dict[str, Any] = {
            "registration": next(
                one for one in waiting if one.pk == facts["registration"]
            ),
            "reason": TurnReason(facts["reason"]),
            "user": request.user,
            "actor": actor,
        }
        if facts["change"] == "offer":
            offer_out_of_turn(series=series, **common)
            said = _("The seat was offered. A message is on its way.")
            messages.success(request, said)
        else:
            change_need_class(need_class=int(facts["change"]), **common)
            messages.success(request, _("The order was changed, and the reason kept."))
    except ValidationError as refused:
        form.add_error(None, refused.messages[0])
        return False
    return True
