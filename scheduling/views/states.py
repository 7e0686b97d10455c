"""What state a session is in: one answer for the filter, the board and the legend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from scheduling.selectors import WeekSession, accepted_in
from scheduling.solver.horizon import Horizon

if TYPE_CHECKING:
    from scheduling.models import Schedule


def is_in_state(session: WeekSession, state: str) -> bool:
    """Whether a session is in a state of ``forms.SESSION_STATES``; any if it is empty.

    ``KeyError`` for a state that does not exist: the form lets none through.
    """
    answers = {
        "": True,
        "gehouden": not session.cancelled,
        "vervalt": session.cancelled,
        "gewijzigd": session.changed,
        "vast": session.pinned,
        "te-klein": session.below_minimum,
        "regel": session.broken,
        "zonder-begeleider": session.without_leader,
    }
    return answers[state]


def with_breaches(
    sessions: Iterable[WeekSession],
    *,
    concerned: Collection[UUID],
    draft: Schedule | None,
) -> list[WeekSession]:
    """Sessions that say whether something is wrong with them; one query for a draft.

    Wrong is: it cannot go on as it is published (``concerned``) and the draft leaves it
    so; its room or a leader is wanted twice at once; or it belongs to a group of which
    a breach was accepted by name in the draft, at this time where it has one.
    """
    found = list(sessions)
    accepted = _accepted(draft) if draft is not None else set()
    double = _double_uses(found)

    def is_broken(one: WeekSession) -> bool:
        still = one.id in concerned and not (draft is not None and one.changed)
        key = str(one.series_id)
        named = (key, None) in accepted or (key, one.start) in accepted
        return still or one.id in double or named

    return [
        replace(one, broken=True) if not one.cancelled and is_broken(one) else one
        for one in found
    ]


def _accepted(draft: Schedule) -> set[tuple[str, datetime | None]]:
    """Groups with an accepted breach, and when it is; ``None`` for all of a group.

    What is about several groups is about their week or day together.
    """
    horizon = Horizon(draft.first_date, (draft.last_date - draft.first_date).days + 1)
    found: set[tuple[str, datetime | None]] = set()
    for row in accepted_in(draft):
        keys = {key for kind, key in row.about if kind == "series"}
        at = None
        if row.slot is not None and len(keys) == 1:
            at = horizon.moment(row.slot)
        found |= {(key, at) for key in keys}
    return found


def _double_uses(sessions: Iterable[WeekSession]) -> set[UUID]:
    """Sessions that overlap another in the same room or with the same leader."""
    users: dict[tuple[str, int], list[WeekSession]] = defaultdict(list)
    for one in sessions:
        if one.cancelled:
            continue
        if one.room is not None:
            users["room", one.room.pk].append(one)
        for leader in one.leaders:
            users["leader", leader.id].append(one)
    found: set[UUID] = set()
    for rows in users.values():
        rows.sort(key=lambda one: (one.start, one.end))
        longest = rows[0]
        for one in rows[1:]:
            if one.start < longest.end:
                found |= {one.id, longest.id}
            if one.end > longest.end:
                longest = one
    return found
