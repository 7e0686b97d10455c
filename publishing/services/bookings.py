"""Bookings of centres and what they do to the schedule.

A centre's own bookings always win. What they displace is told to who plans; our own
meetings that came back through the centre's agenda are no bookings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.actor import Actor
from courses.selectors import session_uids_in
from people.enums import Role
from publishing.services.tell import (
    AGENDA_BROKEN,
    ROOM_ANSWERED,
    ROOM_ASKED,
    site_link,
    tell_persons,
    tell_role,
)
from publishing.services.trouble import after_bookings
from rooms.services.requests import lapse_requests
from rooms.services.sources import Reading, add_file, read_source

if TYPE_CHECKING:
    from rooms.models import Room, RoomBooking


def own_uids(room_id: int) -> frozenset[str]:
    """The ids under which our own meetings in a room appear in calendars."""
    return frozenset(session_uids_in(room_id=room_id))


def read_agenda(*, actor: Actor, source_id: int) -> Reading | None:
    """Read the agenda of a room now, and tell what follows from it."""
    reading = read_source(actor=actor, source_id=source_id, own_uids=own_uids)
    if reading is None:
        return None
    room = reading.source.room
    if reading.added:
        after_bookings(actor=actor, room_ids=[room.pk])
    if reading.broke:
        tell_role(
            actor=actor,
            role=Role.CENTRE_MANAGER,
            organisation_ids=[room.centre.organisation_id],
            wording=AGENDA_BROKEN,
            key=f"agenda-{reading.source.pk}-{reading.source.tried_at:%Y%m%d%H%M}",
            link=site_link("publishing:centre_sources", room.centre.code),
        )
    return reading


def import_agenda(*, actor: Actor, room: Room, data: bytes) -> Reading:
    """Take over a file of appointments of a room, and tell what follows from it.

    Raises ``ValidationError`` as ``rooms.services.sources.add_file``.
    """
    reading = add_file(actor=actor, room=room, data=data, skip_uids=own_uids(room.pk))
    if reading.added:
        after_bookings(actor=actor, room_ids=[room.pk])
    return reading


def tell_request(*, actor: Actor, booking: RoomBooking) -> None:
    """Tell the managers of the centre that somebody asks for a room."""
    centre = booking.room.centre
    tell_role(
        actor=actor,
        role=Role.CENTRE_MANAGER,
        organisation_ids=[centre.organisation_id],
        wording=ROOM_ASKED,
        key=f"room-asked-{booking.pk}",
        link=site_link("publishing:centre_bookings", centre.code),
    )


def tell_answer(*, actor: Actor, booking: RoomBooking) -> None:
    """Tell who asked for a room that there is an answer, or that it lapsed."""
    if booking.requested_by is not None:
        tell_persons(
            actor=actor,
            persons=[booking.requested_by],
            wording=ROOM_ANSWERED,
            key=f"room-answered-{booking.pk}",
            link=site_link("publishing:ask_room"),
        )


def let_requests_lapse(*, actor: Actor) -> int:
    """Let requests lapse that nobody answered in time; how many."""
    over = lapse_requests(actor=actor)
    for booking in over:
        tell_answer(actor=actor, booking=booking)
    return len(over)
