"""A week with a draft to be changed by hand."""

from __future__ import annotations

from typing import Any

from scheduling.models import Schedule
from scheduling.services.edits import apply_move
from scheduling.services.moves import Move
from scheduling.services.redrafts import draft_of_published
from tests.factories import UserFactory
from tests.scheduling.rows import ACTOR, MONDAY, a_leader, a_room, running


class World:
    """Two groups on one morning in one centre, and a draft of that week."""

    def __init__(self) -> None:
        self.room = a_room(capacity=20)
        self.other_room = a_room(centre=self.room.centre, capacity=20)
        self.leader, self.other_leader = a_leader(), a_leader()
        self.spare = a_leader()
        self.group = running(
            "2026-12-01 10:00", room=self.room, leaders=[self.leader], members=6
        )
        self.other = running(
            "2026-12-01 13:00", room=self.room, leaders=[self.other_leader], members=6
        )
        self.user = UserFactory()
        self.draft = draft_of_published(actor=ACTOR, user=self.user, monday=MONDAY)
        self.session = self.group.sessions.get().pk
        self.other_session = self.other.sessions.get().pk

    def move(self, **fields: Any) -> Move:
        return Move(**({"session": self.session} | fields))

    def apply(self, move: Move, version: int = 0, **more: Any) -> Any:
        return apply_move(
            actor=ACTOR,
            user=self.user,
            schedule=self.draft,
            move=move,
            version=version,
            **more,
        )

    def row(self, session: Any = None) -> Any:
        return self.draft.sessions.get(session_id=session or self.session)

    def state(self) -> list[Any]:
        """All that the draft says, to be compared."""
        return sorted(
            (
                str(one.session_id),
                str(one.series_id),
                one.number,
                one.period.lower,
                one.period.upper,
                one.room_id,
                one.online,
                sorted(row.facilitator_id for row in one.leader_rows.all()),
            )
            for one in self.draft.sessions.all()
        )

    def version(self) -> int:
        return Schedule.objects.get(pk=self.draft.pk).version
