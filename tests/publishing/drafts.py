"""Drafts made by real runs of a tiny region, to be released."""

from __future__ import annotations

from typing import Any

import pytest

from publishing.models import Release
from publishing.services.release import ReleaseRefused, release
from scheduling.models import Schedule
from scheduling.services.runs import perform_run, start_run
from tests.scheduling.rows import (
    ACTOR,
    MONDAY,
    SUNDAY,
    a_conversation,
    a_leader,
    asks_for,
    running,
)


def planned(**fields: Any) -> Schedule:
    """The draft of a run of two seconds over the week."""
    wanted = {"kind": "week", "first_date": MONDAY, "last_date": SUNDAY, "seconds": 2}
    run = start_run(actor=ACTOR, user=None, workers=1, **(wanted | fields))
    schedule = perform_run(run_id=run.pk)
    run.refresh_from_db()
    assert schedule is not None, run.fault
    return schedule


def publish(schedule: Schedule) -> Release:
    return release(actor=ACTOR, user=None, schedule=schedule)


def refused(schedule: Schedule) -> ReleaseRefused:
    with pytest.raises(ReleaseRefused) as caught:
        publish(schedule)
    return caught.value


class World:
    """A running group of six with a free seat, and a conversation to plan."""

    def __init__(self) -> None:
        self.leader = a_leader()
        self.group = running("2026-12-01 10:00", leaders=[self.leader], members=6)
        self.session = self.group.sessions.get()
        self.talkers = [a_leader("ggz_professional"), a_leader("social_worker")]
        self.talk = a_conversation()
        self.joins = asks_for(self.group)
        self.talks = asks_for(self.talk, allowed_levels=[0])

    def planned_talk(self, schedule: Schedule) -> Any:
        """The conversation as the draft has it."""
        return schedule.sessions.get(series__offering=self.talk)

    def members(self) -> set[int]:
        found = self.group.enrolments.filter(state="enrolled")
        return set(found.values_list("resident__person_id", flat=True))
