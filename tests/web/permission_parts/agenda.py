"""The pages of leaders and of centre managers."""

from typing import Any

from courses.services import ask_leaders
from people.enums import Role
from tests.factories import (
    AssignmentFactory,
    CalendarSourceFactory,
    HalfDayWishFactory,
)
from tests.publishing.feed_data import ACTOR
from tests.web.permission_row import (
    LEADER,
    LOOKED_AT,
    MANAGER,
    PLANNED,
    everyone,
    only,
)

COORDINATOR = Role.COORDINATOR.value
ROWS: list[Any] = [
    only((LEADER,), "publishing:my_times"),
    only((LEADER,), "publishing:my_times", method="post", answer=302),
    only((LEADER,), "publishing:ill"),
    only((LEADER,), "publishing:ill", method="post", answer=400),
    only((LEADER,), "publishing:assignment", "own_asking"),
    only((LEADER,), "publishing:assignment", "other_asking", answer=404),
    only((LEADER,), "publishing:assignment", "own_asking", method="post",
         data={"answer": "yes"}, answer=302),
    everyone("publishing:assignment_link", "link"),
    everyone("publishing:assignment_link", "no_link", answer=410),
    only((LEADER,), "publishing:meeting", "session"),
    only((LEADER,), "publishing:meeting", "session", method="post", answer=302),
    only((LEADER,), "publishing:meeting", "other_session", answer=404),
    only((LEADER,), "publishing:attendance", "session"),
    only((LEADER,), "publishing:attendance", "session", method="post", answer=400),
    only((LEADER,), "publishing:attendance", "other_session", answer=404),
    everyone("publishing:attendance_worker"),
    only((MANAGER,), "publishing:centre_hours", "centre"),
    # Hours of no version of the page are not kept.
    only((MANAGER,), "publishing:centre_hours", "centre", method="post", answer=409),
    only((MANAGER,), "publishing:centre_bookings", "centre"),
    only((MANAGER,), "publishing:centre_bookings", "centre", method="post",
         data={"act": "book"}, answer=400),
    only((MANAGER,), "publishing:centre_sources", "centre"),
    only((MANAGER,), "publishing:centre_sources", "centre", method="post",
         data={"act": "address"}, answer=400),
    only((LEADER,), "publishing:ask_room"),
    only((LEADER,), "publishing:ask_room", method="post", answer=400),
]  # fmt: skip
ADMIN = {
    "courses_assignment": LOOKED_AT,
    "people_halfdaywish": LOOKED_AT,
    "rooms_calendarsource": PLANNED,
}


def bring(world: Any) -> None:
    """One row of each new table, of the village hall; two askings and a link."""
    region = world.region
    room = region.rooms["Olst Huiskamer"]
    asked = {
        one.assignment.series_id: one
        for one in ask_leaders(
            actor=ACTOR,
            series_ids=[region.series["money"].pk, region.series["full"].pk],
        )
        if one.assignment.facilitator == region.leader
    }
    other = AssignmentFactory()
    world.things |= {
        "courses_assignment": other.pk,
        "people_halfdaywish": HalfDayWishFactory().pk,
        "rooms_calendarsource": CalendarSourceFactory(room=room).pk,
        "own_asking": asked[region.series["money"].pk].assignment.pk,
        "other_asking": other.pk,
        "link": asked[region.series["full"].pk].token,
        "no_link": "A" * 22,
        "other_session": region.series["care"].sessions.first().pk,
    }
