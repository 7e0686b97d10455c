"""Noticing that planned sessions cannot go on, and telling who plans.

Called after a centre changed its hours, closures or bookings, and after a leader said
to be away or said no. What the trouble is, is asked of the rows themselves
(courses.selectors.concerns); here it is only told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from audit.actor import Actor
from courses.selectors import closed_out, displaced, sessions_between
from people.enums import Role
from publishing.services.tell import HELP_ASKED, SESSIONS_NEED_YOU, site_link, tell_role
from scheduling.weeks import Week

if TYPE_CHECKING:
    from courses.models import Session
    from people.models import Facilitator

AHEAD = timedelta(days=400)


def _coming() -> tuple[datetime, datetime]:
    now = timezone.now()
    return now, now + AHEAD


def tell_sessions(*, actor: Actor, sessions: Iterable[Session], why: str) -> int:
    """Tell the coordinators of these sessions, once for each session as it is now.

    One message for all sessions of an organisation in one week.
    """
    weeks: dict[tuple[int, Week], list[Session]] = defaultdict(list)
    for one in sessions:
        week = Week.of(timezone.localdate(one.period.lower))
        weeks[one.series.offering.organisation_id, week].append(one)
    told = 0
    for (organisation_id, week), found in sorted(
        weeks.items(), key=lambda item: (item[0][1], item[0][0])
    ):
        first = min(found, key=lambda one: str(one.pk))
        told += tell_role(
            actor=actor,
            role=Role.COORDINATOR,
            organisation_ids=[organisation_id],
            wording=SESSIONS_NEED_YOU,
            key=f"{why}-{first.pk}-{first.sequence}-{len(found)}",
            link=site_link("scheduling:week", str(week)),
        )
    return told


def after_bookings(*, actor: Actor, room_ids: Iterable[int]) -> list[Session]:
    """Tell about sessions that bookings of these rooms displace; those sessions."""
    start, end = _coming()
    found = displaced(room_ids=room_ids, start=start, end=end)
    tell_sessions(actor=actor, sessions=found, why="booked")
    return found


def after_hours(*, actor: Actor, centre_id: int) -> list[Session]:
    """Tell about sessions when the centre is not open; those sessions."""
    start, end = _coming()
    found = closed_out(centre_ids=[centre_id], start=start, end=end)
    tell_sessions(actor=actor, sessions=found, why="closed")
    return found


def led_between(
    *, actor: Actor, facilitator: Facilitator, start: datetime, end: datetime
) -> list[Session]:
    """Sessions that a leader leads in a period and that take place."""
    found = sessions_between(
        actor=actor, start=start, end=end, facilitator_ids=[facilitator.pk]
    )
    now = timezone.now()
    return [one for one in found if one.state != "cancelled" and one.period.upper > now]


def ask_for_help(*, actor: Actor, session: Session, facilitator: Facilitator) -> int:
    """A leader asks for a substitute for one session; how many were told now."""
    return tell_role(
        actor=actor,
        role=Role.COORDINATOR,
        organisation_ids=[session.series.offering.organisation_id],
        wording=HELP_ASKED,
        key=f"help-{session.pk}-{session.sequence}-{facilitator.pk}",
        link=site_link("scheduling:session", session.pk),
    )
