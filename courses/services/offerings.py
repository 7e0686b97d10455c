"""Changing and taking away what is offered, and runs that are still to be planned.

Facts go in and come out as one mapping by the names of the fields, with what hangs on
the row (needed staff, allowed hours) as lists of tuples. The facts that a form was made
with have a version; a form of another version writes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from audit.rows import field_facts, lock_row, remove_row, save_checked, set_facts
from courses.enums import RUNNING_STATES, SeriesState, SessionState
from courses.models import (
    Offering,
    OfferingStaffNeed,
    Series,
    SeriesWindow,
    Session,
)
from courses.seats import lock_series
from courses.services.agenda import cancel_session
from courses.services.catalogue import create_series

OFFERING_FACTS = (
    "title_nl", "title_en", "summary_nl", "summary_en", "themes", "kind", "format",
    "language", "organisation", "in_catalogue", "size_min", "size_max",
    "over_enrolment", "sessions_count", "session_minutes", "every_weeks",
    "follow_up_weeks", "skips_school_holidays", "closed_after_session",
    "required_features", "different_organisations", "prerequisite", "age_min",
    "age_max", "coach_minutes_per_week", "norm_days",
)  # fmt: skip
SERIES_FACTS = (
    "earliest_start", "latest_end", "sessions_count", "size_min", "size_max", "centre",
    "follows",
)  # fmt: skip
OFFERING_PARTS = ("courses.OfferingStaffNeed",)
SERIES_PARTS = ("courses.SeriesWindow", "courses.SeriesLeader")


# --- Offerings --------------------------------------------------------------------


def offering_facts(offering: Offering) -> dict[str, Any]:
    """The facts of an offering; `staff_needs` as (roles, certificate, how many, from
    which size)."""
    needs = [
        (sorted(one.roles), one.qualification_id, one.count, one.from_size)
        for one in offering.staff_needs.all()
    ]
    return {**field_facts(offering, OFFERING_FACTS), "staff_needs": needs}


@transaction.atomic
def keep_offering(
    *, actor: Actor, offering: Offering, facts: Mapping[str, Any], version: str
) -> Offering:
    """Give an offering these facts, if it is still as the form of that version saw it.

    Raises
    ------
    audit.rows.StaleRow
        Somebody changed it meanwhile; nothing is written.
    django.core.exceptions.ValidationError
        By field; also for another kind while there are series of it.
    """
    fresh = lock_row(offering, version=version, read=offering_facts)
    if facts.get("kind", fresh.kind) != fresh.kind and fresh.series.exists():
        raise ValidationError(
            {
                "kind": _(
                    "There are series of this offering already. Make a new offering "
                    "for another kind."
                )
            }
        )
    set_facts(fresh, facts)
    if "staff_needs" in facts:
        _set_needs(fresh, facts["staff_needs"])
    _log(actor, "offering.update", "U", fresh.pk)
    return fresh


def _set_needs(offering: Offering, needs: Iterable[tuple[Any, ...]]) -> None:
    offering.staff_needs.all().delete()
    for roles, qualification_id, count, from_size in needs:
        save_checked(
            OfferingStaffNeed(
                offering=offering,
                roles=list(roles),
                qualification_id=qualification_id,
                count=count,
                from_size=from_size,
            )
        )


@transaction.atomic
def show_offering(*, actor: Actor, offering: Offering, shown: bool) -> Offering:
    """Show an offering in the catalogue, or hide it; what runs goes on.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it is to be shown without a text that tells residents what it is.
    """
    fresh = lock_row(offering, version=None, read=offering_facts)
    if shown and not fresh.summary_nl.strip():
        raise ValidationError(
            _("Write the plain text in Dutch first: residents read it.")
        )
    fresh.in_catalogue = shown
    save_checked(fresh)
    _log(actor, "offering.update", "U", fresh.pk)
    return fresh


@transaction.atomic
def remove_offering(*, actor: Actor, offering: Offering) -> None:
    """Delete an offering that nothing belongs to.

    Raises
    ------
    django.core.exceptions.ValidationError
        Naming what belongs to it: hide it instead.
    """
    fresh = lock_row(offering, version=None, read=offering_facts)
    remove_row(fresh, parts=OFFERING_PARTS)
    _log(actor, "offering.delete", "D", offering.pk)


# --- Series that are to be planned --------------------------------------------------


def series_facts(series: Series) -> dict[str, Any]:
    """The facts of a series; `windows` as (weekday, from, until), and
    `preferred_leaders` as (facilitator,)."""
    windows = [(one.weekday, one.start, one.end) for one in series.windows.all()]
    leaders = series.preferred_leaders.order_by("pk").values_list("pk")
    return {
        **field_facts(series, SERIES_FACTS),
        "windows": windows,
        "preferred_leaders": list(leaders),
    }


@transaction.atomic
def keep_series(
    *, actor: Actor, series: Series, facts: Mapping[str, Any], version: str
) -> Series:
    """Give a series that is to be planned these facts.

    Raises
    ------
    audit.rows.StaleRow
        Somebody changed it meanwhile; nothing is written.
    django.core.exceptions.ValidationError
        By field; also when it is in people's agendas already: a release changes it.
    """
    fresh = lock_row(series, version=version, read=series_facts)
    _only_planned(fresh)
    set_facts(fresh, {name: facts[name] for name in SERIES_FACTS if name in facts})
    if "preferred_leaders" in facts:
        fresh.preferred_leaders.set({pk for (pk,) in facts["preferred_leaders"]})
    if "windows" in facts:
        fresh.windows.all().delete()
        for weekday, start, end in facts["windows"]:
            save_checked(
                SeriesWindow(series=fresh, weekday=weekday, start=start, end=end)
            )
    _log(actor, "series.update", "U", fresh.pk)
    return fresh


def _only_planned(series: Series) -> None:
    if series.state != SeriesState.PLANNED:
        raise ValidationError(
            _("This series is no longer to be planned: a new schedule changes it.")
        )


@transaction.atomic
def run_again(
    *, actor: Actor, series: Series, earliest: date, key: uuid.UUID
) -> Series:
    """A new series of the same offering, like this one: same limits, hours and place;
    its leaders are asked first. Nobody's seat goes along.

    ``key`` is that of the new series: asked twice with one key, there is one.
    """
    lock_series(ids=[series.pk])
    there = Series.objects.filter(pk=key, offering=series.offering_id).first()
    if there is not None:
        return there
    leaders = list(series.leaders.all()) or list(series.preferred_leaders.all())
    room = series.room
    made = create_series(
        actor=actor,
        offering=series.offering,
        id=key,
        windows=[(one.weekday, one.start, one.end) for one in series.windows.all()],
        earliest_start=earliest,
        sessions_count=series.sessions_count,
        size_min=series.size_min,
        size_max=series.size_max,
        centre=series.centre or (room.centre if room is not None else None),
    )
    made.preferred_leaders.set(leaders)
    return made


@transaction.atomic
def end_series(*, actor: Actor, series: Series, last: date) -> list[Session]:
    """Let a series that runs end by a date; its meetings after that are cancelled.

    Who takes part keeps the seat until then. Returns the cancelled meetings.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it does not run, or the date is over: cancel it instead.
    """
    fresh = lock_series(ids=[series.pk])[0]
    if fresh.state not in RUNNING_STATES:
        raise ValidationError(_("This series does not run: there is nothing to end."))
    if last < timezone.localdate():
        raise ValidationError(_("This day is over. Choose a day to come."))
    fresh.latest_end = last
    save_checked(fresh)
    over = datetime.combine(last + timedelta(days=1), time())
    after = fresh.sessions.filter(
        state=SessionState.PUBLISHED, period__startswith__gte=timezone.make_aware(over)
    )
    cancelled = [cancel_session(session=one, actor=actor) for one in after]
    _log(actor, "series.end", "U", series.pk)
    return cancelled


@transaction.atomic
def remove_series(*, actor: Actor, series: Series) -> None:
    """Delete a series that was never planned and that nobody asks for.

    Raises
    ------
    django.core.exceptions.ValidationError
        Naming what belongs to it: stop it instead.
    """
    fresh = lock_row(series, version=None, read=series_facts)
    _only_planned(fresh)
    remove_row(fresh, parts=SERIES_PARTS)
    _log(actor, "series.delete", "D", series.pk)


def _log(actor: Actor, code: str, action: str, object_id: object) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=ADMINISTRATION,
        object_kind=code.partition(".")[0],
        object_id=object_id,
    )
