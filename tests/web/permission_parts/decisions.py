"""Groups that are too small, and who was there: for who plans the whole region."""

from typing import Any

from scheduling.models import Schedule, ScheduleEdit
from tests.factories import EnrolmentFactory, SeriesFactory, SessionFactory, period
from tests.web.permission_row import LOOKED_AT, Row, coordinators, planners

NAMES = {"namen": "1"}
ROWS: list[Row] = [
    planners("scheduling:attendance"),
    planners("scheduling:attendance-file"),
    planners("scheduling:session-attendance", "session_over"),
    coordinators("scheduling:session-attendance", "session_over", data=NAMES),
    planners("scheduling:small-groups"),
    planners("scheduling:decide", "small_group"),
    coordinators("scheduling:decide", "small_group", data=NAMES),
    planners("scheduling:decide", "small_group", method="post", answer=422),
]
ADMIN = {"scheduling_scheduletransfer": LOOKED_AT}


def bring(world: Any) -> None:
    group = SeriesFactory(state="published", size_min=6)
    SessionFactory(series=group, period=period("2027-06-01 10:00"))
    seat = EnrolmentFactory(series=group)
    draft = world.region.series["money"]
    over = SessionFactory(series=group, number=2, period=period("2026-06-01 10:00"))
    world.things |= {"small_group": group.pk, "session_over": over.pk}
    schedule = Schedule.objects.create(first_date="2027-05-31", last_date="2027-06-06")
    edit = ScheduleEdit.objects.create(
        schedule=schedule, number=1, kind="merge", before=[], after=[], series=group
    )
    moved = edit.transfers.create(enrolment=seat, series=draft)
    world.things |= {"scheduling_scheduletransfer": moved.pk}
