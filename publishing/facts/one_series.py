"""One series: its limits while it is to be planned; after that, how it goes on."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.record import PLANNING
from courses.enums import RUNNING_STATES, SeriesState
from courses.selectors.facts import AT_WORK, series_kept, series_to_keep
from courses.services.offerings import (
    SERIES_PARTS,
    keep_series,
    remove_series,
    run_again,
    series_facts,
)
from people.enums import Weekday
from people.selectors import group_names, list_facilitators
from publishing.facts.deleting import deletion
from publishing.facts.forms import (
    FactForm,
    Group,
    Lines,
    Shape,
    clock_time,
    day,
    one_of,
    rows_field,
)
from publishing.facts.page import Act, Keeper, not_there, serve
from publishing.facts.series import SECTION, first_of, pill_of, when_of, where_of
from publishing.services.stopping import stop_series
from rooms.selectors import centres
from scheduling.services.access import planners_only, reach_of
from scheduling.words import DASH

if TYPE_CHECKING:
    from courses.models import Series

GROUPS = (
    Group(
        gettext_lazy("When and where it may be held"),
        ("earliest_start", "latest_end", "centre", "follows"),
        gettext_lazy("The planner chooses a day, time, room and leaders within this."),
    ),
    Group(
        gettext_lazy("Other than the offering says"),
        ("sessions_count", "size_min", "size_max"),
        gettext_lazy("Leave these empty to keep to the offering."),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only
def series(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """One series: its limits while it is to be planned; after that, how it goes on."""
    reach = reach_of(request.user).organisations
    row = series_to_keep(series_id=series_id, organisation_ids=reach)
    if row is None:
        raise not_there(request, "series", series_id)
    actor, facts = Actor.of(request.user), series_facts(row)
    planned = row.state == SeriesState.PLANNED
    shape = _shape(actor, row, reach) if planned else Shape(groups=())
    return serve(
        request,
        Keeper(
            section=SECTION,
            title=_("One series"),
            name=row.offering.title,
            lead=_lead(row),
            back=reverse(SECTION),
            form=(
                lambda data: FactForm(data, table=type(row), shape=shape, facts=facts)
            )
            if planned
            else None,
            keep=lambda new, version: keep_series(
                actor=actor, series=row, facts=new, version=version
            ),
            said=_("The series is saved."),
            pill=pill_of(row),
            aside=_aside(actor, row),
            links=[
                (
                    _("The offering"),
                    reverse("publishing:facts_offering", args=[row.offering_id]),
                )
            ],
            acts=_acts(actor, row),
        ),
    )


def _lead(row: Series) -> str:
    if row.state == SeriesState.PLANNED:
        return _(
            "This series is not in anybody's agenda yet. You can change it freely."
        )
    if row.state in RUNNING_STATES:
        return _(
            "This series is in people's agendas. Day, time, room and leaders change "
            "with the week; here you decide whether it goes on."
        )
    return _("This series is over. You can let it run once more.")


def _aside(actor: Actor, row: Series) -> list[tuple[Any, Any]]:
    persons = list(row.leaders.values_list("person_id", flat=True))
    names = (
        group_names(actor=actor, person_ids=persons, purpose=PLANNING)
        if persons
        else {}
    )
    seats = row.size_max or row.offering.size_max
    return [
        (_("Organisation"), row.offering.organisation.name),
        (_("First date"), first_of(row)),
        (
            _("Ends by"),
            date_format(row.latest_end, "j F Y") if row.latest_end else DASH,
        ),
        (_("Day and time"), when_of(row)),
        (_("Room"), where_of(row)),
        (_("Leaders"), ", ".join(sorted(names.values())) or DASH),
        (_("Largest group"), seats),
    ]


def _shape(actor: Actor, row: Series, reach: frozenset[int] | None) -> Shape:
    leaders = _leaders(actor, row, reach)
    same = series_kept(organisation_ids=reach).filter(state__in=AT_WORK)
    return Shape(
        groups=GROUPS,
        hints={
            "latest_end": _("Empty: no limit."),
            "follows": _("It begins when that one is over."),
        },
        made={
            "centre": rows_field(
                _("only in this centre"),
                centres().order_by("name"),
                lambda one: f"{one.name}, {one.place.name}",
                required=False,
            ),
            "follows": rows_field(
                _("comes after the series"),
                same.exclude(pk=row.pk),
                lambda one: f"{one.offering.title} ({first_of(one)})",
                required=False,
            ),
        },
        lines=(
            Lines(
                name="windows",
                label=_("Only at these hours"),
                columns={
                    "weekday": lambda: one_of(
                        _("Day"),
                        [(one.value, str(one.label).capitalize()) for one in Weekday],
                    ),
                    "start": lambda: clock_time(_("From")),
                    "end": lambda: clock_time(_("Until")),
                },
                needed=("weekday", "start", "end"),
                hint=_("Without lines it may be held at any hour."),
                spare=2,
            ),
            Lines(
                name="preferred_leaders",
                label=_("Who leads it, if that can be"),
                columns={"leader": lambda: one_of(_("Leader"), leaders)},
                needed=(),
                hint=_("Who led the former run, for instance."),
                most=6,
            ),
        ),
    )


def _leaders(
    actor: Actor, row: Series, reach: frozenset[int] | None
) -> list[tuple[int, str]]:
    """Leaders to choose from: the reader's own, and who is chosen already.

    Of another organisation is told only that there is one, not who.
    """
    found = list_facilitators(actor=actor, organisation_ids=reach, purpose=PLANNING)
    named = {
        one.pk: f"{one.person.group_name}, {one.organisation.name}" for one in found
    }
    chosen = row.preferred_leaders.select_related("organisation")
    others = {
        one.pk: _("somebody of %(organisation)s")
        % {"organisation": one.organisation.name}
        for one in chosen
    }
    return sorted((others | named).items(), key=lambda one: one[1])


def _acts(actor: Actor, row: Series) -> list[Act]:
    acts = [_again(actor, row)]
    if row.state in RUNNING_STATES:
        acts += [_end(actor, row), _stop(actor, row)]
    elif row.state in AT_WORK:
        acts.append(_stop(actor, row))
    if row.state == SeriesState.PLANNED:
        acts.append(
            deletion(
                row,
                parts=SERIES_PARTS,
                instead=_("Stop it instead."),
                remove=lambda: remove_series(actor=actor, series=row),
                said=_("The series is deleted."),
                section=SECTION,
            )
        )
    return acts


class AgainForm(forms.Form):
    """The key of the series that a press makes: pressed twice, it is one."""

    once = forms.UUIDField(widget=forms.HiddenInput)


def _again(actor: Actor, row: Series) -> Act:
    made: list[Series] = []

    def do(posted: Any) -> str:
        form = AgainForm(posted)
        if not form.is_valid():
            raise ValidationError(
                _("Open this page again, and send the form once more.")
            )
        key = form.cleaned_data["once"]
        first = (row.latest_end or timezone.localdate()) + timedelta(days=1)
        earliest = max(first, timezone.localdate() + timedelta(days=1))
        made.append(run_again(actor=actor, series=row, earliest=earliest, key=key))
        return _("This is the new series. Look whether the dates are right.")

    return Act(
        key="again",
        label=_("Run it once more"),
        about=_(
            "A new series with the same limits, hours and place; the same leaders are "
            "asked first. You can change it before it is planned."
        ),
        do=do,
        to=lambda: reverse("publishing:facts_one_series", args=[made[0].pk]),
        form=AgainForm(initial={"once": uuid.uuid4()}, auto_id="again_%s"),
    )


class LastDayForm(forms.Form):
    """Until which day a series goes on."""

    last = day(gettext_lazy("Last day"))


def _end(actor: Actor, row: Series) -> Act:
    def do(posted: Any) -> str:
        form = LastDayForm(posted)
        if not form.is_valid():
            raise ValidationError(_("Choose the last day on which it may be held."))
        last = form.cleaned_data["last"]
        number = stop_series(actor=actor, series=row, last=last)
        words = {"day": date_format(last, "j F Y"), "told": _told(number)}
        return _("The series ends by %(day)s. %(told)s") % words

    return Act(
        key="end",
        label=_("Let it end by a day"),
        about=_(
            "It goes on until then, and nothing is planned after it. Meetings after "
            "that day are cancelled."
        ),
        do=do,
        form=LastDayForm(initial={"last": row.latest_end}, auto_id="end_%s"),
    )


def _told(number: int) -> str:
    if not number:
        return _("Nobody had to be told.")
    return ngettext(
        "%(number)s message waits to be looked over.",
        "%(number)s messages wait to be looked over.",
        number,
    ) % {"number": number}


def _stop(actor: Actor, row: Series) -> Act:
    def do(_posted: Any) -> str:
        number = stop_series(actor=actor, series=row)
        return _("The series is stopped. %(told)s") % {"told": _told(number)}

    return Act(
        key="stop",
        label=_("Stop it now"),
        about=_(
            "All meetings to come are cancelled. Who has a place, or waits for one, "
            "waits for the next series with the old date."
        ),
        do=do,
        danger=True,
    )
