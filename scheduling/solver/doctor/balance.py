"""Checks of supply and demand as a whole, and of what was published before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from scheduling.solver.doctor.finding import Check, Examination, Finding, Severity
from scheduling.solver.doctor.resources import free_quarters
from scheduling.solver.horizon import (
    SLOT_MINUTES,
    SLOTS_PER_DAY,
    Availability,
    mask_between,
)
from scheduling.solver.plan import Meeting
from scheduling.solver.problem import Format, Series
from scheduling.solver.reach import goes_out


class SeatsShort(Check):
    """All series together have fewer free seats than people ask for."""

    id = "seats-short"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        wanted = sum(item.seats for item in facts.waiting if item.choices)
        asked = {choice.series_id for item in facts.waiting for choice in item.choices}
        taken = Counter(item.series_id for item in facts.seated)
        free = sum(
            max(0, series.size_max - len(series.members) - taken[series.id])
            for series in facts.problem.series
            if series.id in asked and not series.is_closed
        )
        if free < wanted:
            yield self.found(wanted=wanted, free=free)


class RoleShort(Check):
    """Leaders of a role have less time than the series that only they can lead ask."""

    id = "role-short"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        weeks = max(1, -(-facts.problem.horizon.day_count // 7))
        wanted: Counter[str] = Counter()
        for series in facts.problem.series:
            meetings = min((len(item.days) for item in series.date_patterns), default=0)
            minutes = meetings * series.length * SLOT_MINUTES
            seats = max(series.size_min, len(series.members))
            for need in series.staff:
                if len(need.roles) == 1 and need.from_seats <= seats:
                    wanted[min(need.roles)] += need.count * minutes
        supply: Counter[str] = Counter()
        for lead in facts.problem.facilitators:
            minutes = free_quarters(facts, lead.availability) * SLOT_MINUTES
            if lead.load.minutes_per_week is not None:
                minutes = min(minutes, weeks * lead.load.minutes_per_week)
            for role in lead.roles:
                supply[role] += minutes
        for role in sorted(wanted):
            if wanted[role] > supply[role]:
                yield self.found(
                    ("role", role), wanted=wanted[role], available=supply[role]
                )


class DistrictWithoutOffer(Check):
    """Several people live in a district where nothing that they ask for can be held."""

    id = "district-without-offer"
    severity = Severity.NOTE
    FEWEST = 3

    def findings(self, facts: Examination) -> Iterator[Finding]:
        district = {place.id: place.district for place in facts.problem.places}
        offered: dict[str, set[str]] = {}
        living: dict[str, list[bool]] = defaultdict(list)
        for item in facts.waiting:
            home = facts.problem.person_by_id[item.person_id].home_place_id
            if home is None or not district[home]:
                continue
            near = False
            for series in facts.fits[item.id].suiting:
                if series.id not in offered:
                    offered[series.id] = _districts(facts, series, district)
                near = near or bool(offered[series.id] & {"", district[home]})
            if facts.fits[item.id].suiting:
                living[district[home]].append(near)
        for name, served in sorted(living.items()):
            if len(served) >= self.FEWEST and not any(served):
                yield self.found(("district", name), people=len(served))


def _districts(
    facts: Examination, series: Series, district: dict[str, str]
) -> set[str]:
    """Districts where the series could be held; online counts as ``""``."""
    if not series.needs_room:
        return {""}
    return {district[place] for _, place, _ in facts.slots(series) if place is not None}


class _PublishedMeetings(Check):
    """A check of each published meeting that may not change."""

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for series_id, placement in facts.fixed.items():
            series = facts.problem.series_by_id[series_id]
            hit: dict[tuple[str, str], int] = {}
            for meeting in placement.meetings:
                for about in self.broken(facts, series, meeting):
                    hit.setdefault(about, meeting.slot)
            for about, slot in hit.items():
                yield self.found(("series", series_id), about, slot=slot)

    def broken(
        self, facts: Examination, series: Series, meeting: Meeting
    ) -> Iterator[tuple[str, str]]:
        raise NotImplementedError


def _is_free(
    facts: Examination, availability: Availability, series: Series, meeting: Meeting
) -> bool:
    day, start = divmod(meeting.slot, SLOTS_PER_DAY)
    free = facts.problem.horizon.free_quarters(availability, day)
    return not mask_between(start, start + series.length) & ~free


class PublishedRoomClosed(_PublishedMeetings):
    """A published meeting is in a room that is closed or booked by others then."""

    id = "published-room-closed"
    severity = Severity.ERROR

    def broken(
        self, facts: Examination, series: Series, meeting: Meeting
    ) -> Iterator[tuple[str, str]]:
        if meeting.room_id is None:
            return
        room = facts.problem.room_by_id[meeting.room_id]
        opening = room.opening
        usable = Availability(
            opening.weekly, opening.extra, (*opening.blocked, *room.booked)
        )
        if not _is_free(facts, usable, series, meeting):
            yield "room", room.id


class PublishedLeaderAway(_PublishedMeetings):
    """A published meeting has a leader who is on leave or not available then."""

    id = "published-leader-away"
    severity = Severity.ERROR

    def broken(
        self, facts: Examination, series: Series, meeting: Meeting
    ) -> Iterator[tuple[str, str]]:
        for ident in meeting.facilitator_ids:
            lead = facts.problem.facilitator_by_id[ident]
            if not _is_free(facts, lead.availability, series, meeting):
                yield "facilitator", ident


class PublishedMemberAway(_PublishedMeetings):
    """Somebody in a published group cannot come at one of its times."""

    id = "published-member-away"
    severity = Severity.WARNING

    def broken(
        self, facts: Examination, series: Series, meeting: Meeting
    ) -> Iterator[tuple[str, str]]:
        for ident in facts.sitting[series.id]:
            person = facts.problem.person_by_id[ident]
            if not _is_free(facts, person.availability, series, meeting):
                yield "person", ident


class PublishedRoomTooSmall(_PublishedMeetings):
    """A published meeting has more people in its room than the room has chairs."""

    id = "published-room-too-small"
    severity = Severity.ERROR

    def broken(
        self, facts: Examination, series: Series, meeting: Meeting
    ) -> Iterator[tuple[str, str]]:
        if meeting.room_id is None:
            return
        people = facts.problem.person_by_id
        chairs = series.guests + len(meeting.facilitator_ids)
        for ident, seats in facts.seats_taken[series.id]:
            if series.format is not Format.HYBRID or goes_out(people[ident]):
                chairs += seats
        if chairs > facts.problem.room_by_id[meeting.room_id].capacity:
            yield "room", meeting.room_id
