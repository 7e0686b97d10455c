"""Who has no seat in a schedule and why, and which series are not held."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from audit.actor import Actor
from courses.selectors.coordinator import registrations_by_id, series_with_offering
from rooms.selectors import room_places
from scheduling.models import Schedule
from scheduling.models.schedule import MOST_PASSES
from scheduling.selectors.passes import passes_of

if TYPE_CHECKING:
    from courses.models import Offering, Series


@dataclass(frozen=True, kw_only=True)
class LeftOutReason:
    """Rules that together keep someone out of one series.

    ``for_all``: it cannot be held, whoever sits in it; ``irreducible``: every rule is
    known to be needed. ``ways`` are what would help, as ``LeftOut.reasons`` has them.
    """

    title: str
    rules: tuple[str, ...]
    verified: str
    for_all: bool = False
    irreducible: bool = True
    ways: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeftOutPerson:
    """A registration without a seat. ``number`` stands for the resident, not a name.

    Days are those between registering and the first day of the schedule; ``norm_days``
    is the longest fair wait in days; ``passes`` schedules in a row left them out, this
    one counted.
    """

    number: int
    registration_id: int
    place: str
    asked_for: tuple[str, ...]
    waiting_days: int
    norm_days: int
    one_to_one_reason: str
    reasons: tuple[LeftOutReason, ...]
    passes: int = 1
    person_id: int = 0
    organisation_id: int | None = None
    set_aside: bool = False

    @property
    def ways(self) -> list[tuple[str, Mapping[str, Any]]]:
        """What would help, each way under the key that helping knows it by."""
        return [
            (f"r{number}-{index}", way)
            for number, reason in enumerate(self.reasons)
            for index, way in enumerate(reason.ways)
        ]

    @property
    def passed_over(self) -> bool:
        """Left out so often in a row that the coordinator must look."""
        return self.passes >= MOST_PASSES

    @property
    def days_beyond(self) -> int:
        return self.waiting_days - self.norm_days


def left_out_of(
    *,
    actor: Actor,
    schedule: Schedule,
    organisation_ids: Iterable[int] | None = None,
) -> list[LeftOutPerson]:
    """Registrations without a seat, longest waiting first; seven reads at most and one
    log line."""
    why: dict[int, Sequence[dict[str, Any]]] = dict(
        schedule.left_out.values_list("registration_id", "reasons")
    )
    registrations = registrations_by_id(
        actor=actor, registration_ids=why, organisation_ids=organisation_ids
    )
    passes = passes_of(schedule=schedule)
    titles = {
        str(key): series.offering.title
        for key, series in series_with_offering(
            series_ids={
                uuid.UUID(reason["series"])
                for one in registrations
                for reason in why[one.pk]
            }
        ).items()
    }
    return [
        LeftOutPerson(
            number=one.resident_id,
            registration_id=one.pk,
            place=one.resident.person.place.name if one.resident.person.place else "",
            asked_for=_asked_for(one),
            waiting_days=_days(one.registered_at.date(), schedule.first_date),
            norm_days=_days(one.registered_at.date(), one.norm_date),
            one_to_one_reason=str(one.one_to_one_reason or ""),
            reasons=tuple(
                LeftOutReason(
                    title=titles.get(reason["series"], ""),
                    rules=tuple(reason["rules"]),
                    verified=reason.get("verified", ""),
                    for_all=reason.get("for_all", False),
                    irreducible=reason.get("irreducible", True),
                    ways=tuple(reason.get("ways", ())),
                )
                for reason in why[one.pk]
            ),
            passes=passes.get(one.pk, 1),
            person_id=one.resident.person_id,
            organisation_id=one.resident.person.organisation_id,
            set_aside=one.group_first_set_aside_at is not None,
        )
        for one in registrations
    ]


def _asked_for(registration: Any) -> tuple[str, ...]:
    choices = sorted(registration.choices.all(), key=lambda one: one.rank)
    wishes = [
        registration.offering or registration.theme,
        *(one.offering or (one.series and one.series.offering) for one in choices),
    ]
    return tuple(dict.fromkeys(str(wish) for wish in wishes if wish))


def _days(first: date, last: date) -> int:
    return max(0, (last - first).days)


def words_of_ways(
    ways: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, str], dict[str, str]]:
    """Titles of the series and places of the rooms that ways name, by key; two reads
    at most, no person."""
    ways = list(ways)
    series = {uuid.UUID(key) for key in _named(ways, "series")}
    rooms = [int(key) for key in _named(ways, "room")]
    titles = series_with_offering(series_ids=series) if series else {}
    return (
        {str(key): one.offering.title for key, one in titles.items()},
        {str(pk): name for pk, name in room_places(room_ids=rooms).items()},
    )


def _named(ways: Iterable[Mapping[str, Any]], name: str) -> set[str]:
    return {
        str(change[name])
        for way in ways
        for change in way["changes"]
        if change.get(name)
    }


@dataclass(frozen=True, kw_only=True)
class SeriesNotHeld:
    """Series of one offering that are not held: how many, and who was left out.

    ``asked`` counts people, each once; ``smallest`` is the least group of any of them.
    ``why`` has each set of rules that together stand in the way, ``ways`` what would
    help: key of the series, key of the way, and the way as ``LeftOut.reasons`` has it.
    """

    offering: Offering
    number: int
    asked: int
    smallest: int
    why: tuple[tuple[str, ...], ...] = ()
    ways: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()
    first_id: str = ""


def series_not_held(*, schedule: Schedule) -> list[SeriesNotHeld]:
    """Series that are not held, by offering, most asked for first; three reads."""
    why = dict(schedule.series_rows.filter(held=False).values_list("series_id", "why"))
    asked: dict[str, set[int]] = defaultdict(set)
    for person, reasons in schedule.left_out.values_list("registration_id", "reasons"):
        for reason in reasons:
            asked[reason["series"]].add(person)
    by_offering: dict[int, list[Series]] = defaultdict(list)
    for series in series_with_offering(series_ids=why).values():
        by_offering[series.offering_id].append(series)
    found = [
        SeriesNotHeld(
            offering=rows[0].offering,
            number=len(rows),
            asked=len(set().union(*(asked[str(row.pk)] for row in rows))),
            smallest=min(row.smallest for row in rows),
            why=tuple(
                dict.fromkeys(tuple(why[row.pk].get("rules", ())) for row in rows)
            ),
            ways=tuple(
                (str(row.pk), f"s-{number}", way)
                for row in rows
                for number, way in enumerate(why[row.pk].get("ways", ()))
            ),
            first_id=str(rows[0].pk),
        )
        for rows in by_offering.values()
    ]
    return sorted(found, key=lambda one: (-one.asked, one.offering.title))
