"""Leaders to keep up to date, and when they can; whoever sees one is in the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from audit.record import ADMINISTRATION, PLANNING, record_event, record_read
from people.enums import HalfDay
from people.models import (
    AvailabilityWindow,
    Certificate,
    Facilitator,
    HalfDayWish,
    Leave,
)

if TYPE_CHECKING:
    from audit.actor import Actor


def leaders_kept(
    *,
    organisation_ids: Iterable[int] | None,
    text: str = "",
    organisation: int | None = None,
    role: str = "",
    qualification: int | None = None,
    half_day: tuple[int, HalfDay] | None = None,
    active: bool | None = None,
) -> QuerySet[Facilitator]:
    """Leaders of these organisations (None: all), narrowed; not read yet.

    `half_day` keeps those whose hours touch that weekday and part. What is read of
    them goes through `leaders_page` or `leader_to_keep`, which log it.
    """
    found = Facilitator.objects.select_related("person", "organisation")
    if organisation_ids is not None:
        found = found.filter(organisation__in=list(organisation_ids))
    if text:
        found = found.filter(
            Q(person__call_name__icontains=text) | Q(person__alias__icontains=text)
        )
    if organisation is not None:
        found = found.filter(organisation=organisation)
    if role:
        found = found.filter(staff_roles__contains=[role])
    if qualification is not None:
        holds = Certificate.objects.filter(
            qualification=qualification, valid__contains=timezone.localdate()
        )
        found = found.filter(pk__in=holds.values("facilitator"))
    if half_day is not None:
        weekday, part = half_day
        begin, over = part.hours
        there = AvailabilityWindow.objects.filter(
            weekday=weekday,
            start__lt=over,
            end__gt=begin,
            valid__contains=timezone.localdate(),
        )
        found = found.filter(person__in=there.values("person"))
    if active is not None:
        found = found.filter(active=active)
    return found.order_by("person__call_name", "pk")


def still_leading(*, facilitator_ids: Iterable[int]) -> set[int]:
    """Those of these who lead at all; keys alone, one query, shows no person."""
    found = Facilitator.objects.filter(pk__in=list(facilitator_ids), active=True)
    return set(found.order_by().values_list("pk", flat=True))


def leaders_page(
    *,
    actor: Actor,
    found: QuerySet[Facilitator],
    number: str | None,
    per_page: int,
    searched: bool = False,
) -> Page[Facilitator]:
    """One page of leaders with certificates, hours, answers and coming leave.

    A line in the log says whose names were shown, and that it was a search by name.
    Seven queries, however many leaders.
    """
    today = timezone.localdate()
    loaded = found.prefetch_related(
        Prefetch(
            "certificates",
            queryset=Certificate.objects.select_related("qualification").order_by(
                "qualification__name", "pk"
            ),
        ),
        Prefetch(
            "leave",
            queryset=Leave.objects.filter(days__endswith__gt=today).order_by("days"),
        ),
        Prefetch("person__windows", queryset=AvailabilityWindow.objects.all()),
        Prefetch("person__half_days", queryset=HalfDayWish.objects.all()),
    )
    page = Paginator(loaded, per_page).get_page(number)
    record_event(
        actor=actor,
        code="facilitator.search" if searched else "facilitator.list",
        action="E" if searched else "R",
        purpose=ADMINISTRATION,
        subjects=[one.person_id for one in page],
        object_kind="facilitator",
    )
    return page


def leader_to_keep(
    *, actor: Actor, leader_id: int, organisation_ids: Iterable[int] | None
) -> Facilitator | None:
    """One leader of these organisations with the person; looking is logged."""
    found = leaders_kept(organisation_ids=organisation_ids)
    leader = found.filter(pk=leader_id).first()
    if leader is not None:
        record_read(
            actor=actor,
            subjects=[leader.person_id],
            purpose=ADMINISTRATION,
            code="facilitator.read",
            object_kind="facilitator",
            object_id=leader.pk,
        )
    return leader


def leaders_at_work(
    *,
    actor: Actor,
    facilitator_ids: Iterable[int],
    code: str,
    object_kind: str,
    object_id: object = "",
) -> dict[int, Facilitator]:
    """Name, organisation and roles of leaders by id, whatever their state.

    For a page that names who leads what: one query, and one log line that says which
    page (``code``, ``object_kind`` and ``object_id``). Nothing else of them is read.
    """
    found = (
        Facilitator.objects.select_related("person")
        .only("organisation", "staff_roles", "person__call_name", "person__alias")
        .in_bulk(list(facilitator_ids))
    )
    record_read(
        actor=actor,
        subjects=[one.person_id for one in found.values()],
        purpose=PLANNING,
        code=code,
        object_kind=object_kind,
        object_id=object_id,
    )
    return found


def names_at_work(
    *, actor: Actor, facilitator_ids: Iterable[int], code: str, object_kind: str
) -> dict[int, str]:
    """The names of `leaders_at_work` alone, for a list of hundreds to choose from.

    One query, and one log line with this ``code`` and ``object_kind``.
    """
    found = Facilitator.objects.filter(pk__in=list(facilitator_ids)).order_by()
    names: dict[int, str] = {}
    persons: list[int] = []
    for key, person_id, alias, call_name in found.values_list(
        "pk", "person_id", "person__alias", "person__call_name"
    ):
        names[key] = alias or call_name  # as Person.group_name
        persons.append(person_id)
    record_read(
        actor=actor,
        subjects=persons,
        purpose=PLANNING,
        code=code,
        object_kind=object_kind,
    )
    return names


def leave_between(
    *, actor: Actor, facilitator_ids: Iterable[int], first: date, last: date
) -> dict[int, list[DateRange]]:
    """Days of leave that touch [first, last], by leader; one query, or none, and one
    line in the log of whose leave that is."""
    wanted = list(facilitator_ids)
    if not wanted:
        return {}
    span = DateRange(first, last + timedelta(days=1))
    rows = Leave.objects.filter(facilitator__in=wanted, days__overlap=span)
    found: dict[int, list[DateRange]] = {}
    persons = set()
    for key, person, days in rows.values_list(
        "facilitator", "facilitator__person", "days"
    ):
        found.setdefault(key, []).append(days)
        persons.add(person)
    if persons:
        record_read(
            actor=actor,
            subjects=sorted(persons),
            purpose=PLANNING,
            code="facilitator.facts.read",
            object_kind="facilitator",
        )
    return found
