"""Faults of the facts in the words of the pages: which group it is, and what is right.

A session or a pin that begins at five past cannot be planned with, nor judged beside.
The planner names it by its key; who has to mend it knows it by its title and hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.selectors.coordinator import series_with_offering, sessions_by_id
from scheduling import words
from scheduling.solver.faults import Fault

if TYPE_CHECKING:
    from courses.models import Series, Session

_SESSION = re.compile(r"session ([0-9a-f-]{36})")
_PIN = re.compile(r"pin \d+ of series ([0-9a-f-]{36})")


@dataclass(frozen=True)
class FaultTold:
    """One fault as a sentence, and the group to mend it at, if it is of one."""

    sentence: str
    series_id: UUID | None = None


def told_of(faults: Iterable[Fault]) -> list[FaultTold]:
    """Each fault in words; three queries at most, and no person is read."""
    found = list(faults)
    sessions = {
        str(one.pk): one for one in sessions_by_id(session_ids=_keys(_SESSION, found))
    }
    groups = {one.series_id for one in sessions.values()}
    series = series_with_offering(series_ids={*groups, *_keys(_PIN, found)})
    return [_told(one, sessions, series) for one in found]


def _keys(pattern: re.Pattern[str], faults: Iterable[Fault]) -> set[UUID]:
    named = (pattern.fullmatch(one.where) for one in faults)
    return {UUID(found[1]) for found in named if found}


def _told(
    fault: Fault, sessions: Mapping[str, Session], series: Mapping[UUID, Series]
) -> FaultTold:
    if (found := _SESSION.fullmatch(fault.where)) and found[1] in sessions:
        session = sessions[found[1]]
        starts = timezone.localtime(session.period.lower)
        return FaultTold(
            _(
                "“%(title)s”, %(moment)s: this does not begin on a quarter of an hour. "
                "Let it begin at 0, 15, 30 or 45 minutes past the hour."
            )
            % {
                "title": series[session.series_id].offering.title,
                "moment": words.moment_in_text(starts),
            },
            session.series_id,
        )
    if (found := _PIN.fullmatch(fault.where)) and UUID(found[1]) in series:
        group = series[UUID(found[1])]
        return FaultTold(
            _(
                "“%(title)s” is pinned to a time that is not on a quarter of an hour. "
                "Pin it to another time, or take the pin away."
            )
            % {"title": group.offering.title},
            group.pk,
        )
    return FaultTold(str(fault))
