"""Changing a draft by hand, and mending a week: for who plans the whole region."""

from datetime import date
from typing import Any

from scheduling.models import (
    PlanningRun,
    Repair,
    Schedule,
    ScheduledSession,
    ScheduleEdit,
)
from tests.web.permission_row import PLANNED, Row, coordinators, planners, posted

NOTHING = {
    "changes": [],
    "sessions_lost": 0,
    "seats_lost": [],
    "seats_new": [],
    "people": 0,
    "minutes_moved": 0,
    "steps_in": [],
}
MOVE = ("hand_draft", "hand_session")
ROWS: list[Row] = [
    planners("scheduling:move", *MOVE),
    planners("scheduling:swap", *MOVE),
    planners("scheduling:stand-ins", *MOVE, "hand_leader", answer=404),
    posted("scheduling:pin", *MOVE),
    # A form that names no version of the draft does nothing, and is told so.
    planners("scheduling:pin", *MOVE, method="post", answer=409),
    posted("scheduling:drop-session", *MOVE),
    planners("scheduling:drop-session", *MOVE, method="post", answer=409),
    posted("scheduling:turn", "hand_draft", "hand_way"),
    planners("scheduling:turn", "hand_draft", "hand_way", method="post", answer=302),
    posted("scheduling:edit-week", "hand_week"),
    planners("scheduling:edit-week", "hand_week", method="post", answer=302),
    planners("scheduling:report", "hand_happening"),
    planners("scheduling:report", "hand_holiday"),
    # What is about a resident is care.
    coordinators("scheduling:report", "hand_came"),
    coordinators("scheduling:report", "hand_left"),
    coordinators("scheduling:report", "hand_left", method="post", answer=422),
    coordinators("scheduling:came-free", "waiting"),
    planners("scheduling:repair", "hand_repair"),
    planners("scheduling:looking", "hand_looking"),
    # A plan is not followed there.
    planners("scheduling:looking", "run", answer=404),
]

ADMIN = {
    "scheduling_scheduleedit": PLANNED,
    "scheduling_repair": PLANNED,
    "scheduling_repairalternative": PLANNED,
}


def bring(world: Any) -> None:
    week = {"first_date": date(2027, 5, 3), "last_date": date(2027, 5, 9)}
    draft = Schedule.objects.create(**week)
    series = world.region.series["money"]
    drafted = ScheduledSession.objects.create(
        schedule=draft,
        series=series,
        number=1,
        period=series.sessions.first().period,
        room=series.room,
    )
    repair = Repair.objects.create(
        kind="leader_ill",
        about="1",
        first_day=week["first_date"],
        last_day=week["first_date"],
        run=PlanningRun.objects.create(state="done", **week),
    )
    asked = {"kind": "leader_ill", "about": "1"} | dict.fromkeys(
        ("first", "last", "today"), "2027-05-03"
    )
    looking = PlanningRun.objects.create(
        task="repair", as_draft=False, state="cancelled", changes=[asked], **week
    )
    edit = ScheduleEdit.objects.create(
        schedule=draft, number=1, kind="move", state="discarded", before=[], after=[]
    )
    way = repair.alternatives.create(rank=1, means=NOTHING)
    world.things |= {
        "scheduling_scheduleedit": edit.pk,
        "scheduling_repair": repair.pk,
        "scheduling_repairalternative": way.pk,
        "hand_draft": draft.pk,
        "hand_session": drafted.session_id,
        "hand_leader": 0,
        "hand_way": "terug",
        "hand_week": "2027-W18",
        "hand_happening": "ziek",
        "hand_holiday": "feestdag",
        "hand_came": "erbij",
        "hand_left": "gestopt",
        "hand_repair": repair.pk,
        "hand_looking": looking.pk,
    }
