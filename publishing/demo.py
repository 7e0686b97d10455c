"""What the demo region has beside its sheets: accounts, reasons, referrals, calendar.

Accounts get random passwords, which are written for this machine's user alone.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from audit.actor import Actor
from courses import selectors as courses_read
from courses import services as courses
from intake import services as intake
from intake.enums import ConsultationTopic
from people import selectors as people_read
from people import services as people
from people.enums import CheckedHow, Register, Role
from people.services.verification import verify

if TYPE_CHECKING:
    from courses.services.region import Demo
    from people.models import Organisation, User

FILE_NAME = "demo-logins.json"
DOMAIN = "gem.example.org"
MANAGES = frozenset(
    {
        Role.COORDINATOR,
        Role.CENTRE_MANAGER,
        Role.PRIVACY_OFFICER,
        Role.FUNCTIONAL_ADMINISTRATOR,
    }
)
"""Roles whose accounts may use the administration pages."""
REFERRER_AT = "brinkpoort"
TOPICS = ConsultationTopic.values
ADDRESSES = {
    Role.COORDINATOR: "coordinator",
    Role.FACILITATOR: "begeleider",
    Role.RESIDENT: "inwoner",
    Role.REFERRER: "verwijzer",
    Role.CLIENT_SUPPORTER: "clientondersteuner",
    Role.CENTRE_MANAGER: "beheerder",
    Role.PRIVACY_OFFICER: "privacy",
    Role.FUNCTIONAL_ADMINISTRATOR: "functioneel-beheer",
}


# Who gets messages about work needs a name and an address, as anybody.
COLLEAGUES: dict[str, str] = {Role.COORDINATOR: "Joke", Role.CENTRE_MANAGER: "Harm"}


@dataclass(frozen=True)
class Account:
    """A demo account with the password that is told once."""

    user: User
    role: str
    password: str


def make_accounts(*, actor: Actor, demo: Demo) -> list[Account]:
    """An account for each role, in the order in which they are shown."""
    organisations = {one.code: one for one in people_read.organisations()}
    where: dict[str, Organisation | None] = {
        Role.COORDINATOR: None,
        Role.FACILITATOR: None,
        Role.RESIDENT: None,
        Role.REFERRER: organisations[REFERRER_AT],
        Role.CLIENT_SUPPORTER: organisations["de-overhaal"],
        Role.CENTRE_MANAGER: organisations[demo.house_owner],
        Role.PRIVACY_OFFICER: None,
        Role.FUNCTIONAL_ADMINISTRATOR: None,
    }
    persons = {
        Role.FACILITATOR: demo.busy_leader,
        Role.RESIDENT: demo.member_who_waits,
    }
    found = []
    for role, name in ADDRESSES.items():
        password = secrets.token_urlsafe(9)
        user = people.create_account(
            actor=actor,
            email=f"{name}@{DOMAIN}",
            password=password,
            is_staff=role in MANAGES,
        )
        people.grant_role(actor=actor, user=user, role=role, organisation=where[role])
        if role in persons:
            person = people_read.find_persons(
                actor=actor, text=persons[role], organisation_ids=None
            )[0]
            people.update_person(actor=actor, person=person, user=user)
        elif role in COLLEAGUES:
            people.create_person(
                actor=actor,
                call_name=COLLEAGUES[role],
                user=user,
                contact_address=user.email,
                postcode4="7411",
            )
        found.append(Account(user, role, password))
    users = {one.role: one.user for one in found}
    verify(
        actor=actor,
        by=users[Role.FUNCTIONAL_ADMINISTRATOR],
        user=users[Role.REFERRER],
        organisation=organisations[REFERRER_AT],
        register=Register.AGB,
        number="01000000",
        how=CheckedHow.LOOKED_UP,
    )
    return found


def write_reasons(*, demo: Demo, coordinator: User) -> None:
    """Reasons for one-to-one, written by a person as they always are."""
    actor = Actor.of(coordinator)
    reasons = {one.pk: one for one in courses_read.reason_codes()}
    for registration in courses_read.planning_registrations(actor=actor):
        code = demo.reasons.get(registration.reference)
        if code:
            courses.set_one_to_one_reason(
                registration=registration,
                reason=reasons[code],
                user=coordinator,
                actor=actor,
            )


def ask_consultations(*, demo: Demo, referrer: User, monday: date) -> None:
    """Helpers ask to think along; each question is planned as a series of its own."""
    actor = Actor.of(referrer)
    asking = people_read.organisations().get(code=REFERRER_AT)
    series_ids = {
        one.reference: one.pk for one in courses_read.planning_series(actor=actor)
    }
    for number, code in enumerate(demo.consultations):
        intake.ask_consultation(
            actor=actor,
            asked_by=referrer,
            organisation=asking,
            topic=TOPICS[number % len(TOPICS)],
            wished_days=DateRange(monday, monday + timedelta(days=5)),
            series_id=series_ids[code],
        )


def cancel_some(*, demo: Demo, coordinator: User) -> None:
    """Cancel the dates that do not take place, as a coordinator does."""
    actor = Actor.of(coordinator)
    known = {one.reference: one.pk for one in courses_read.planning_series(actor=actor)}
    wanted = {(known[code], day) for code, day in demo.cancelled}
    for session in courses_read.sessions_of_series(
        series_ids={series_id for series_id, _day in wanted}
    ):
        day = timezone.localdate(session.period.lower)
        if (session.series_id, day) in wanted:
            courses.cancel_session(session=session, actor=actor)


def write_logins(accounts: list[Account]) -> None:
    """Keep the passwords where `gem` and `demo_codes` read them (mode 600)."""
    rows: list[dict[str, Any]] = [
        {"email": one.user.email, "password": one.password, "role": one.role}
        for one in accounts
    ]
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    target = settings.VAR_DIR / FILE_NAME
    fresh = target.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(rows, stream, indent=2)
    fresh.replace(target)
