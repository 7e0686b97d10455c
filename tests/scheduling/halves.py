"""A group that grew too large, and how its second group could be."""

from __future__ import annotations

from typing import Any

from scheduling.models import Schedule
from scheduling.services.edits import MoveRefused
from scheduling.services.redrafts import draft_of_published
from scheduling.services.split_dates import Half
from scheduling.services.splits import Halves, judge_split, split_group
from tests.factories import UserFactory, amsterdam
from tests.scheduling.rows import ACTOR, MONDAY, a_group, a_leader, a_room, running


class Large:
    """Eight of at most ten in a group of at least four, on three Tuesdays at ten.

    Its leader and its room are free on all other working days from nine to five.
    """

    def __init__(self, *, members: int = 8, **fields: Any) -> None:
        self.offering = a_group(size_min=4, size_max=10, **fields)
        self.leader, self.room = a_leader(), a_room(capacity=20)
        self.group = running(
            *(f"2026-12-{day:02} 10:00" for day in (1, 8, 15)),
            room=self.room,
            leaders=[self.leader],
            members=members,
            offering=self.offering,
        )
        self.seats = list(self.group.enrolments.order_by("made_at", "pk"))
        self.user = UserFactory()
        self.draft = self.again()

    def again(self) -> Schedule:
        """A draft of the week as it is published now."""
        return draft_of_published(actor=ACTOR, user=self.user, monday=MONDAY)

    @property
    def session(self) -> Any:
        """The session of the group in the draft."""
        return self.draft.sessions.get(series=self.group).session_id

    def version(self) -> int:
        return Schedule.objects.get(pk=self.draft.pk).version

    def half(self, start: str = "2026-12-02 10:00", **other: Any) -> Half:
        """The last four, on Wednesday in the same room with the same leader."""
        return Half(
            **(
                {
                    "going": frozenset(one.pk for one in self.seats[-4:]),
                    "start": amsterdam(start),
                    "room_id": self.room.pk,
                    "leader_ids": (self.leader.pk,),
                }
                | other
            )
        )

    def judge(self, *start: str, **other: Any) -> Halves:
        return judge_split(
            actor=ACTOR,
            schedule=self.draft,
            series=self.group,
            half=self.half(*start, **other),
        )

    def rules(self, *start: str, **other: Any) -> set[str]:
        """Rules that a half would break."""
        return {one.rule for one in self.judge(*start, **other).verdict.new}

    def split(
        self, *start: str, accept: Any = (), version: int | None = None, **other: Any
    ) -> Any:
        return split_group(
            actor=ACTOR,
            user=self.user,
            schedule=self.draft,
            series_id=self.group.pk,
            half=self.half(*start, **other),
            version=self.version() if version is None else version,
            accept=accept,
        )

    def split_all_the_same(self, *start: str, **other: Any) -> Any:
        """Split, with every rule that it breaks accepted by name."""
        try:
            return self.split(*start, **other)
        except MoveRefused as refused:
            accept = [one.key for one in refused.breaches]
        return self.split(*start, accept=accept, **other)
