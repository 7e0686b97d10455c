"""Registrations as a coordinator looks them up: by number and by facts, not by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from audit.actor import Actor
from audit.record import CARE, record_read
from audit.selectors import acts_on
from courses.enums import ASKING_STATES, OPEN_STATES, SeriesState
from courses.models import (
    Enrolment,
    Offering,
    Registration,
    RegistrationChoice,
    Series,
    Theme,
)
from courses.selectors.queue import own_positions

OPEN = "open"
"""Stands for every state in which there is no sure seat yet."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What narrows the list; everything is optional. `ids` None is no limit."""

    number: int | None = None
    offering: int | None = None
    theme: int | None = None
    municipality: str = ""
    state: str = ""
    beyond_norm: bool = False
    ids: frozenset[int] | None = None


@dataclass(frozen=True, kw_only=True)
class Act:
    """One line of what happened to a registration: when, what, by which roles."""

    at: datetime
    code: str
    by: str
    by_system: bool


def registration_page(
    *,
    actor: Actor,
    wanted: Wanted,
    on: date,
    number: object,
    per_page: int,
    organisation_ids: Iterable[int] | None = None,
) -> Page[Registration]:
    """One page of registrations, longest past the norm first; three reads, one line.

    `organisation_ids` are those that keep the person's data. Names and addresses are
    not read. Loaded: place with municipality, theme, offering and choices.
    """
    page = Paginator(
        _loaded(_narrowed(_within(organisation_ids), wanted, on)), per_page
    ).get_page(str(number or 1))
    page.object_list = list(page.object_list)
    record_read(
        actor=actor,
        subjects=[one.resident.person_id for one in page.object_list],
        purpose=CARE,
        code="registration.list",
        object_kind="registration",
    )
    return page


def registration_for_coordinator(
    *,
    actor: Actor,
    registration_id: int,
    organisation_ids: Iterable[int] | None = None,
) -> Registration | None:
    """One registration with what is asked and when the person can come; logged.

    None when there is none, or its data are kept by another organisation. Loaded
    beside the list's facts: weekly windows, and `enrolments` with series and room.
    """
    seats = Enrolment.objects.select_related(
        "series__offering", "series__room__centre__place"
    ).order_by("pk")
    found = (
        _loaded(_within(organisation_ids))
        .select_related("one_to_one_reason", "made_by")
        .prefetch_related(
            "resident__person__windows",
            Prefetch("enrolments", queryset=seats),
        )
        .filter(pk=registration_id)
        .first()
    )
    record_read(
        actor=actor,
        subjects=[found.resident.person_id] if found else [],
        purpose=CARE,
        code="registration.read",
        object_kind="registration",
        object_id=registration_id,
    )
    return found


def asked_by(*, actor: Actor, resident_id: int) -> list[Registration]:
    """All that a resident asks and that is not closed, by number; logged.

    Loaded as a line of the list is. Who calls it knows that he may see this resident.
    """
    mine = Registration.objects.filter(resident=resident_id, state__in=OPEN_STATES)
    found = list(_loaded(mine).order_by("pk"))
    record_read(
        actor=actor,
        subjects=[one.resident.person_id for one in found[:1]],
        purpose=CARE,
        code="registration.list",
        object_kind="registration",
    )
    return found


def registration_ids_of(*, person_id: int) -> list[int]:
    """The numbers of all that a person ever asked; for the program itself."""
    mine = Registration.objects.filter(resident__person=person_id).order_by("pk")
    return list(mine.values_list("pk", flat=True))


def waiting_places(*, registration: Registration) -> dict[object, int]:
    """Its place on the waiting list of each series it chose; 1 is next."""
    found = own_positions(registration_ids=[registration.pk])
    return {series_id: place for (_pk, series_id), place in found.items()}


def acts_of(*, registration: Registration) -> list[Act]:
    """What happened to the registration itself, oldest first; from the access log."""
    return [
        Act(
            at=event.at,
            code=event.event_code,
            by=event.actor_role,
            by_system=event.actor_id == "system",
        )
        for event in acts_on(
            person_id=registration.resident.person_id,
            object_kind="registration",
            object_id=registration.pk,
        )
        if event.event_code.startswith("registration.")
    ]


def askable_series(*, registration: Registration | None = None) -> list[Series]:
    """Series one may ask for: planned, published or running; and those chosen now."""
    now = (SeriesState.PLANNED, SeriesState.PUBLISHED, SeriesState.RUNNING)
    wish = Q(state__in=now, offering__in_catalogue=True)
    if registration is not None:
        wish |= Q(choices__registration=registration.pk)
    return list(
        Series.objects.filter(wish)
        .select_related("offering", "room__centre__place")
        .order_by("offering__title_nl", "weekday", "start_time", "pk")
        .distinct()
    )


def askable_offerings() -> list[Offering]:
    """The offerings of the catalogue, by title; no person."""
    return list(Offering.objects.filter(in_catalogue=True).order_by("title_nl", "pk"))


def all_themes() -> list[Theme]:
    """Every theme; no person."""
    return list(Theme.objects.order_by("pk"))


def _within(organisation_ids: Iterable[int] | None) -> QuerySet[Registration]:
    found = Registration.objects.all()
    if organisation_ids is not None:
        found = found.filter(resident__person__organisation__in=list(organisation_ids))
    return found


def _loaded(found: QuerySet[Registration]) -> QuerySet[Registration]:
    choices = RegistrationChoice.objects.select_related(
        "offering", "series__offering", "series__room__centre__place", "session"
    ).order_by("rank")
    return (
        found.select_related(
            "resident__person__place__municipality", "offering", "theme"
        )
        .defer(
            "resident__person__call_name",
            "resident__person__alias",
            "resident__person__contact_address",
        )
        .prefetch_related(Prefetch("choices", queryset=choices))
        .order_by("norm_date", "registered_at", "pk")
    )


def _narrowed(
    found: QuerySet[Registration], wanted: Wanted, on: date
) -> QuerySet[Registration]:
    if wanted.number is not None:
        found = found.filter(pk=wanted.number)
    if wanted.state == OPEN:
        found = found.filter(state__in=ASKING_STATES)
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.municipality:
        place = "resident__person__place__municipality"
        found = found.filter(**{place: wanted.municipality})
    if wanted.beyond_norm:
        found = found.filter(norm_date__lt=on, state__in=ASKING_STATES)
    if wanted.ids is not None:
        found = found.filter(pk__in=wanted.ids)
    if wanted.offering is not None:
        found = found.filter(_asks_for({"offering": wanted.offering}))
    if wanted.theme is not None:
        offerings = Offering.objects.filter(themes=wanted.theme).values("pk")
        found = found.filter(
            Q(theme=wanted.theme) | _asks_for({"offering__in": offerings})
        )
    return found


def _asks_for(offering: dict[str, object]) -> Q:
    """Who asks for an offering: itself, or as one of its choices."""
    choices = RegistrationChoice.objects.filter(registration=OuterRef("pk"))
    of_series = {f"series__{name}": value for name, value in offering.items()}
    return (
        Q(**offering)
        | Exists(choices.filter(**offering))
        | Exists(choices.filter(**of_series))
    )
