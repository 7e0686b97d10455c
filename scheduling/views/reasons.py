"""Why one-to-one: how often each reason was given, above the week.

Who coordinates the region knows the people. For who plans and does not, a number of so
few that it points at somebody is hidden, as in the figures of the region.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from courses.selectors.hiding import is_small, note_of, parts_to_hide
from courses.selectors.measures import reason_names
from scheduling.services.access import coordinates_region, plans_region

if TYPE_CHECKING:
    from scheduling.models import Schedule


@dataclass(frozen=True)
class Reasons:
    """Each reason and how often it was given, the commonest first.

    ``None`` where that is hidden; then ``note`` says so.
    """

    lines: tuple[tuple[str, int | None], ...]
    note: str = ""

    @classmethod
    def of(cls, counts: Mapping[str, int], names: Mapping[str, str], user: Any) -> Self:
        """Reasons by code, as an account may see them: none of so few people that the
        number of them all would say who has which. No order tells a hidden one."""
        told = {names.get(code, code): number for code, number in counts.items()}
        if coordinates_region(user):
            hidden: set[str] = set()
        elif is_small(sum(told.values())):
            return cls((), note_of())
        else:
            hidden = parts_to_hide(told)
        seen = {name: -1 if name in hidden else told[name] for name in told}
        common = sorted(seen, key=lambda name: (-seen[name], name))
        lines = tuple((name, None if name in hidden else told[name]) for name in common)
        return cls(lines, note_of() if hidden else "")


def reasons_of(schedule: Schedule | None, user: Any) -> Reasons | None:
    """How often each reason was given among who has a seat, for who plans the region.

    From the figures, which a change of what is published takes along: the seats that
    were counted stay with the schedule that gave them.
    """
    if schedule is None or not plans_region(user):
        return None
    counts: Mapping[str, int] = schedule.figures.get("reasons") or {}
    return Reasons.of(counts, reason_names(), user) if counts else None
