"""A leader's year for tests of feeds: weekly meetings through both clock changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from audit.actor import Actor
from courses.models import Session, SessionLeader
from publishing.models import FeedKind
from publishing.services.feeds import make_address
from tests.factories import (
    EnrolmentFactory,
    FacilitatorFactory,
    OfferingFactory,
    PersonFactory,
    RegistrationFactory,
    RoomFactory,
    SeriesFactory,
)
from tests.web.offer_data import start_of

ACTOR = Actor(user_id="7", role="coordinator", organisation="brug")
# Names and words that no feed but a resident's own detailed one may show.
LEADER, RESIDENT, TITLE = "Wilhelmina", "Quirijn", "Omgaan met stemmen"


def a_leader() -> Any:
    """A facilitator with a name that can be searched for."""
    person = PersonFactory(call_name=LEADER, alias="Mina", contact_address="m@x.nl")
    return FacilitatorFactory(person=person)


def a_year(leader: Any, *, per_week: int = 1) -> list[Session]:
    """Fifty weeks of one series, so many meetings a week, the first next week."""
    room = RoomFactory()
    series = SeriesFactory(
        published=True,
        room=room,
        offering=OfferingFactory(title_nl=TITLE, title_en="Hearing voices"),
    )
    first = timezone.localdate() + timedelta(days=7)
    sessions = []
    for number in range(50 * per_week):
        week, slot = divmod(number, per_week)
        day = first + timedelta(weeks=week, days=slot % 5)
        begin = start_of(day, 10 if slot < 5 else 14)
        sessions.append(
            Session(
                series=series,
                number=number + 1,
                room=room,
                period=DateTimeTZRange(begin, begin + timedelta(minutes=90)),
            )
        )
    Session.objects.bulk_create(sessions)
    SessionLeader.objects.bulk_create(
        SessionLeader(
            session=one, facilitator=leader, period=one.period, state=one.state
        )
        for one in sessions
    )
    return sessions


def a_member(sessions: list[Session]) -> Any:
    """A resident with a seat in the series of these sessions."""
    person = PersonFactory(call_name=RESIDENT, alias="Q", contact_address="q@x.nl")
    registration = RegistrationFactory(resident__person=person, state="placed")
    EnrolmentFactory(registration=registration, series=sessions[0].series)
    return registration.resident


def path_of(kind: FeedKind, **owner: Any) -> str:
    """The path of a fresh address."""
    _row, token = make_address(actor=ACTOR, kind=kind, **owner)
    return f"/agenda/{token}/gem.ics"


def leader_path(leader: Any) -> str:
    """The path of a leader's fresh address."""
    return path_of(FeedKind.FACILITATOR, person_id=leader.person_id)
