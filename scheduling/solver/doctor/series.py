"""Checks of series: who could lead them, where and when, and for whom."""

from __future__ import annotations

from collections.abc import Iterator

from scheduling.solver.doctor.finding import Check, Examination, Finding, Severity
from scheduling.solver.problem import Series


class SeriesWithoutLeader(Check):
    """A series has a staff need that too few people may meet."""

    id = "series-without-leader"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for series in facts.new_series:
            for need, able in zip(series.staff, facts.leaders(series), strict=True):
                if len(able) < need.count:
                    yield self.found(
                        ("series", series.id),
                        *(("role", role) for role in sorted(need.roles)),
                        needed=need.count,
                        able=len(able),
                    )


class SeriesLeadersNeverFree(Check):
    """Those who may lead a series are never free together in its windows."""

    id = "series-leaders-never-free"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for series in facts.new_series:
            enough = all(
                len(able) >= need.count
                for need, able in zip(series.staff, facts.leaders(series), strict=True)
            )
            timed = [
                (pattern, facts.series_starts(series, pattern))
                for pattern in series.date_patterns
            ]
            if (
                enough
                and any(starts for _, starts in timed)
                and not any(
                    starts & facts.staffed_starts(series, pattern.days)
                    for pattern, starts in timed
                )
            ):
                able_ids = {lead.id for able in facts.leaders(series) for lead in able}
                yield self.found(
                    ("series", series.id),
                    *(("facilitator", ident) for ident in sorted(able_ids)),
                    able=len(able_ids),
                )


class SeriesWithoutRoom(Check):
    """No room has the features and the chairs that a series needs, where it may be."""

    id = "series-without-room"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for series in facts.new_series:
            if series.needs_room and not facts.rooms(series):
                chairs = max(series.size_min, len(series.members)) + series.guests
                yield self.found(("series", series.id), chairs=chairs)


class SeriesRoomsNeverOpen(Check):
    """The rooms that would do for a series are never open in its windows."""

    id = "series-rooms-never-open"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for series in facts.new_series:
            rooms = facts.rooms(series)
            timed = [
                (pattern, facts.series_starts(series, pattern))
                for pattern in series.date_patterns
            ]
            if (
                rooms
                and any(starts for _, starts in timed)
                and not any(
                    starts & facts.room_starts(room, pattern.days, series.length)
                    for pattern, starts in timed
                    for room in rooms
                )
            ):
                yield self.found(
                    ("series", series.id),
                    *(("room", room.id) for room in rooms),
                    rooms=len(rooms),
                )


class SeriesWithoutWindow(Check):
    """A series fits in none of its windows on any of its dates."""

    id = "series-without-window"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for series in facts.new_series:
            if not series.is_self_paced and not any(
                facts.series_starts(series, pattern) for pattern in series.date_patterns
            ):
                yield self.found(("series", series.id), minutes=15 * series.length)


class SeriesTooFewInterested(Check):
    """Fewer people could take part in a series than it needs to open."""

    id = "series-too-few-interested"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for series in facts.new_series:
            interested = facts.interested[series.id] + len(series.members)
            if not series.is_running and interested < series.size_min:
                yield self.found(
                    ("series", series.id),
                    interested=interested,
                    minimum=series.size_min,
                )


class SeriesNobodyAsks(Check):
    """A series has no members, nobody asks for it and holding it is worth nothing."""

    id = "series-nobody-asks"
    severity = Severity.NOTE

    def findings(self, facts: Examination) -> Iterator[Finding]:
        asked = facts.problem.registrations_by_series
        for series in facts.new_series:
            if not (series.members or series.held_weight or asked[series.id]):
                yield self.found(("series", series.id))


class SeriesOneLeader(Check):
    """A series hangs on people who cannot be replaced: nobody else may lead it."""

    id = "series-one-leader"
    severity = Severity.NOTE

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for series in facts.problem.series:
            sole: dict[str, set[str]] = {}
            for need, able in zip(series.staff, facts.leaders(series), strict=True):
                for lead in able if len(able) == need.count else ():
                    sole.setdefault(lead.id, set()).update(need.roles)
            for lead_id, roles in sorted(sole.items()):
                yield self.found(
                    ("series", series.id),
                    ("facilitator", lead_id),
                    *(("role", role) for role in sorted(roles)),
                )


class SeriesTooFewOrganisations(Check):
    """A series needs leaders of different organisations, and those who may lead it
    work for too few."""

    id = "series-too-few-organisations"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for series in facts.new_series:
            if not series.different_organisations:
                continue
            able = {lead for need in facts.leaders(series) for lead in need}
            organisations = {lead.organisation_id for lead in able}
            seats = max(series.size_min, len(series.members))
            needed = sum(
                need.count for need in series.staff if need.from_seats <= seats
            )
            if able and len(organisations) < needed:
                roles = {role for need in series.staff for role in need.roles}
                yield self.found(
                    ("series", series.id),
                    *(("role", role) for role in sorted(roles)),
                    organisations=len(organisations),
                    needed=needed,
                )


class SeriesGroupBelowMinimum(Check):
    """A running group has fewer members than its minimum: go on, merge or stop?"""

    id = "series-group-below-minimum"
    severity = Severity.WARNING

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for series in facts.problem.series:
            seats = sum(number for _, number in facts.seats_taken[series.id])
            if series.is_running and seats < series.size_min:
                yield self.found(
                    ("series", series.id), members=seats, minimum=series.size_min
                )


class SeriesOrderCannotFit(Check):
    """A series that must come after another can only begin before that one is over."""

    id = "series-order-cannot-fit"
    severity = Severity.ERROR

    def findings(self, facts: Examination) -> Iterator[Finding]:
        for first_id, second_id in facts.problem.series_order:
            first = facts.problem.series_by_id[first_id]
            second = facts.problem.series_by_id[second_id]
            ends = [slots[-1] for slots in _days(facts, first)]
            begins = [slots[0] for slots in _days(facts, second)]
            if ends and begins and min(ends) > max(begins):
                yield self.found(
                    ("series", second_id),
                    ("series", first_id),
                    first_ends_on_day=min(ends),
                    second_begins_on_day=max(begins),
                )


def _days(facts: Examination, series: Series) -> list[tuple[int, ...]]:
    """Days the series could have, published ones alone."""
    if series.id in facts.fixed:
        return [days for days, _, _ in facts.slots(series) if days]
    return [pattern.days for pattern in series.date_patterns if pattern.days]
