"""Feed addresses: made, shown once, replaced, withdrawn, and answered.

The address is the key, so only its hash is kept (128 random bits need no slow hash).
A fetch costs two reads and one line in the access log; when an address was last
fetched is read from that log.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.actor import Actor
from audit.record import AGENDA, record_event
from courses.enums import SessionState
from courses.selectors import FeedSession, feed_sessions
from publishing.entry import Entry, tag_of
from publishing.models import FeedKind, FeedToken

TOKEN_BYTES = 16
PAST = timedelta(weeks=8)
"""How far back a feed goes; cancelled sessions stay in it as long."""
FUTURE = timedelta(weeks=53)


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The answer to a fetch; ``tag`` changes exactly when its bytes do."""

    name: str
    entries: tuple[Entry, ...]
    tag: str

    def body(self) -> bytes:
        """The feed's bytes, written now: most fetches need no more than the tag."""
        # icalendar takes a quarter of a second to load: only who writes a feed pays.
        from publishing.ical import calendar_bytes

        return calendar_bytes(name=self.name, entries=self.entries)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_address(
    *,
    actor: Actor,
    kind: FeedKind | str,
    person_id: int | None = None,
    room_id: int | None = None,
    centre_id: int | None = None,
    made_by_id: int | None = None,
    shows_details: bool = False,
) -> tuple[FeedToken, str]:
    """A new address for an agenda, and its token: the only time it can be shown.

    The address before it stops working at the same moment. Raises
    ``ValidationError`` when the owner does not fit the kind.
    """
    owner = {"person_id": person_id, "room_id": room_id, "centre_id": centre_id}
    _withdraw(kind=kind, **owner)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = FeedToken(
        kind=kind,
        token_hash=token_hash(token),
        made_by_id=made_by_id,
        shows_details=shows_details,
        **owner,
    )
    row.full_clean()
    row.save(force_insert=True)
    _log(actor, row, "feed.make", "C")
    return row, token


@transaction.atomic
def withdraw_address(*, actor: Actor, address: FeedToken) -> None:
    """Stop an address; whoever still has it gets the answer for an unknown one."""
    FeedToken.objects.filter(pk=address.pk, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )
    _log(actor, address, "feed.withdraw", "U")


def _withdraw(*, kind: FeedKind | str, **owner: int | None) -> None:
    FeedToken.objects.select_for_update().filter(
        kind=kind, revoked_at__isnull=True, **owner
    ).update(revoked_at=timezone.now())


def _log(actor: Actor, row: FeedToken, code: str, action: str) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=AGENDA,
        subjects=[row.person_id] if row.person_id else [],
        object_kind="feed",
        object_id=row.pk,
    )


def answer(*, token: str) -> Feed | None:
    """The feed behind a token; ``None`` for an unknown or withdrawn one."""
    address = FeedToken.objects.filter(
        token_hash=token_hash(token), revoked_at__isnull=True
    ).first()
    if address is None:
        return None
    now = timezone.now()
    sessions = feed_sessions(
        actor=Actor.feed(address.pk),
        since=now - PAST,
        until=now + FUTURE,
        leader_person_id=_person(address, FeedKind.FACILITATOR),
        resident_person_id=_person(address, FeedKind.RESIDENT),
        room_id=address.room_id,
        centre_id=address.centre_id,
    )
    # Dutch, because calendar programs ask for no language.
    with override("nl"):
        name = str(_("GEM agenda"))
        entries = tuple(_entry(address, session) for session in sessions)
    return Feed(name=name, entries=entries, tag=tag_of(name=name, entries=entries))


def _person(address: FeedToken, kind: FeedKind) -> int | None:
    return address.person_id if address.kind == kind else None


def _entry(address: FeedToken, session: FeedSession) -> Entry:
    return Entry(
        uid=str(session.id),
        start=session.period.lower,
        end=session.period.upper,
        title=_title(address, session),
        sequence=session.sequence,
        made_at=session.created_at,
        last_modified=session.last_modified,
        cancelled=session.state == SessionState.CANCELLED,
        place=_place(address, session),
        text=_text(address),
    )


def _title(address: FeedToken, session: FeedSession) -> str:
    if address.kind == FeedKind.RESIDENT:
        if address.shows_details:
            return session.title
        return str(_("Appointment"))
    number = session.number
    return str(_("Meeting %(number)d")) % {"number": number}


def _place(address: FeedToken, session: FeedSession) -> str:
    if address.kind == FeedKind.RESIDENT and not address.shows_details:
        return ""
    if session.room is None:
        return str(_("Online"))
    return f"{session.room}, {session.centre}, {session.address}"


def _text(address: FeedToken) -> str:
    if address.kind == FeedKind.RESIDENT and not address.shows_details:
        return str(_("Sign in to GEM to see where you are expected."))
    return str(_("Sign in to GEM for the details."))
