"""The .ics file that goes along with a message, made at the moment it is sent.

METHOD:PUBLISH and not REQUEST. A REQUEST (RFC 5546, 3.2.2) names its attendees and asks
each for an answer to the organizer's mailbox: it would put a resident's address beside
a group's, and nobody reads that mailbox. PUBLISH (3.2.1) only lets a calendar program
take the appointment over. The UID is that of the feed, and a cancelled or moved session
goes along with its SEQUENCE, so that who saves a later file sees the change.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.enums import SessionState
from courses.selectors.agenda import sessions_by_id
from publishing.entry import Entry


def calendar_of(session_ids: Sequence[uuid.UUID], *, language: str) -> bytes:
    """The calendar entries of these sessions with neutral words; empty without any.

    No title, room or leader: a mail program may show the file to whoever looks along.
    One query; no person is read.
    """
    sessions = sessions_by_id(session_ids=session_ids)
    if not sessions:
        return b""
    # icalendar takes a quarter of a second to load: only who sends one pays.
    from publishing.ical import mailed_bytes

    with override(language):
        title = str(_("Appointment"))
        text = str(_("Sign in to GEM to see where you are expected."))
    entries = [
        Entry(
            uid=str(session.pk),
            start=session.period.lower,
            end=session.period.upper,
            title=title,
            sequence=session.sequence,
            made_at=session.created_at,
            last_modified=session.last_modified,
            cancelled=session.state == SessionState.CANCELLED,
            text=text,
        )
        for session in sessions
    ]
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return mailed_bytes(organizer=sender, entries=entries, stamp=timezone.now())
