"""A group that is too small, another of the same kind, and a draft of their week."""

from __future__ import annotations

from typing import Any

from courses.models import Enrolment
from scheduling.models import Schedule
from scheduling.services.decisions import mergers, spread_group
from scheduling.services.edits import MoveRefused
from scheduling.services.redrafts import draft_of_published
from scheduling.services.spreading import Spread, spread_of
from tests.factories import UserFactory
from tests.scheduling.rows import ACTOR, MONDAY, a_group, a_leader, a_room, running


class Small:
    """Two of at least four in one group, five in the other of at most eight.

    Both meet in the week of 30 November 2026 and in the two weeks after it.
    """

    def __init__(self, *, members: int = 2, others: int = 5) -> None:
        self.offering = a_group(size_min=4, size_max=8)
        self.leader, self.other_leader = a_leader(), a_leader()
        self.group = self.run("10:00", self.leader, members)
        self.other = self.run("13:00", self.other_leader, others)
        self.user = UserFactory()
        self.draft = self.again()

    def again(self) -> Schedule:
        """A draft of the week as it is published now."""
        return draft_of_published(actor=ACTOR, user=self.user, monday=MONDAY)

    def run(self, hour: str, leader: Any, members: int) -> Any:
        return running(
            *(f"2026-12-{day:02} {hour}" for day in (1, 8, 15)),
            room=a_room(capacity=20),
            leaders=[leader],
            members=members,
            offering=self.offering,
        )

    def seats(self, series: Any) -> list[Enrolment]:
        return list(series.enrolments.filter(state="enrolled").order_by("pk"))

    def version(self) -> int:
        return Schedule.objects.get(pk=self.draft.pk).version

    def act(self, what: Any, **more: Any) -> Any:
        """Do one of the services of decisions to the small group."""
        return what(
            actor=ACTOR,
            user=self.user,
            schedule=self.draft,
            series_id=self.group.pk,
            version=self.version(),
            **more,
        )


class Full(Small):
    """Three people in one group, and one free seat in each of two others."""

    def __init__(self) -> None:
        super().__init__(members=3, others=7)
        self.draft.delete()
        self.third = self.run("15:00", a_leader(), 7)
        self.draft = self.again()

    def found(self) -> Spread:
        spread = spread_of(mergers(actor=ACTOR, series=self.group, schedule=self.draft))
        assert spread is not None
        return spread

    def spread(self, moves: Any = None) -> Any:
        moves = self.found().moves if moves is None else moves
        try:
            return self.act(spread_group, moves=moves)
        except MoveRefused as refused:
            accept = [one.key for one in refused.breaches if not one.never]
        return self.act(spread_group, moves=moves, accept=accept)
