"""A region in which one exploratory conversation can be held: people, rooms, hours."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from audit.actor import Actor
from intake.models import Referral
from intake.services.refer import Asked, refer
from people.enums import Role
from tests.factories import (
    AvailabilityWindowFactory,
    CentreFactory,
    FacilitatorFactory,
    OfferingFactory,
    OfferingStaffNeedFactory,
    OpeningHoursFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    RoomFactory,
    UserFactory,
    VerificationFactory,
)

COORDINATOR = Actor(user_id="7", role="coordinator")


@dataclass
class Talks:
    """What a test needs to find again."""

    offering: Any = None
    room: Any = None
    place: Any = None
    far: Any = None
    ggz: list[Any] = field(default_factory=list)
    social: list[Any] = field(default_factory=list)
    practice: Any = None
    referrer: Any = None


def open_all_week(centre: Any) -> None:
    for weekday in range(1, 6):
        OpeningHoursFactory(centre=centre, weekday=weekday, start=time(8), end=time(22))


def a_leader(organisation: Any, role: str, email: str = "") -> Any:
    """Somebody who can all week, with an account."""
    user = UserFactory(role=Role.FACILITATOR, organisation=organisation)
    person = PersonFactory(
        organisation=organisation,
        user=user,
        contact_address=email or user.email,
    )
    for weekday in range(1, 6):
        AvailabilityWindowFactory(
            person=person, weekday=weekday, start=time(9), end=time(21, 30)
        )
    return FacilitatorFactory(
        person=person, organisation=organisation, staff_roles=[role]
    )


def some_talks() -> Talks:
    """Two ggz professionals, two social workers, one room near and one far."""
    talks = Talks()
    talks.place = PlaceFactory(name="Deventer", lat=52.255, lon=6.16)
    talks.far = PlaceFactory(name="Verweg", lat=53.2, lon=5.2)
    care = OrganisationFactory(code="ggz-west", name="GGZ West", kind="ggz")
    welfare = OrganisationFactory(code="welzijn", name="Welzijn", kind="welfare")
    talks.practice = OrganisationFactory(
        code="praktijk", name="Praktijk De Linde", kind="primary-care"
    )
    for place, lat, lon in ((talks.place, 52.256, 6.161), (talks.far, 53.2, 5.2)):
        centre = CentreFactory(
            place=place, organisation=welfare, lat=lat, lon=lon,
            closes_on_public_holidays=False,
        )  # fmt: skip
        open_all_week(centre)
        room = RoomFactory(centre=centre, name="Spreekkamer", capacity=6)
        if place is talks.place:
            talks.room = room
    talks.offering = OfferingFactory(
        code="verkennend-gesprek", title_nl="Verkennend gesprek",
        kind="exploratory_conversation", organisation=welfare, size_min=1, size_max=1,
        sessions_count=1, session_minutes=75, norm_days=28,
        different_organisations=True, in_catalogue=False,
    )  # fmt: skip
    for roles in (["ggz_professional"], ["social_worker", "expert_by_experience"]):
        OfferingStaffNeedFactory(offering=talks.offering, roles=roles)
    for number in (1, 2):
        talks.ggz.append(a_leader(care, "ggz_professional", f"ggz{number}@example.org"))
        talks.social.append(a_leader(welfare, "social_worker"))
    talks.referrer = UserFactory(
        email="huisarts@example.org",
        role=Role.REFERRER,
        organisation=talks.practice,
    )
    VerificationFactory(user=talks.referrer, organisation=talks.practice)
    return talks


def a_referral(talks: Talks, **more: Any) -> Referral:
    """A resident who is new, referred today."""
    asked = {
        "call_name": "Noor",
        "birth_year": 1985,
        "place": talks.place,
        "contact_channel": "email",
        "contact_address": "noor@example.org",
        "with_relative": False,
        "once": uuid.uuid4(),
    }
    return refer(
        actor=Actor.of(talks.referrer),
        referrer=talks.referrer,
        organisation=talks.practice,
        asked=Asked(**{**asked, **more}),
    )


def in_days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)
