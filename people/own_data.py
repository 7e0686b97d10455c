"""What people keeps of a person, in words: to hand out. It goes with the person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.selectors import lines_for_copy
from people.models.verification import Verification
from people.services.own_data import OwnPart, Row, add_part, words_of

if TYPE_CHECKING:
    from people.models import Person

MOST_LINES = 5000
"""Lines of the access log in one copy; the newest."""


def _person(person: Person) -> Iterator[Row]:
    yield words_of(
        person,
        "call_name",
        "alias",
        "contact_channel",
        "contact_address",
        "postcode4",
        "place",
        "languages",
        "birth_year",
        "organisation",
    )
    if person.user is not None:
        yield words_of(person.user, "email", "language", "date_joined", "last_login")
        checks = Verification.objects.filter(user=person.user)
        for check in checks.order_by("verified_at"):
            yield words_of(
                check,
                "organisation",
                "register",
                "number",
                "how",
                "verified_at",
                "expires_on",
                "ended_at",
            )


def _wishes(person: Person) -> Iterator[Row]:
    resident = getattr(person, "resident", None)
    if resident is None:
        return
    yield words_of(
        resident,
        "travel_limit_minutes",
        "travel_mode",
        "pace_per_week",
        "pace_per_day",
        "format_wishes",
        "preferred_half_days",
        "access_needs",
        "with_companion",
    )


def _hours(person: Person) -> Iterator[Row]:
    for window in person.windows.order_by("weekday", "start"):
        yield words_of(window, "weekday", "start", "end")
    for row in person.exceptions.order_by("pk"):
        yield {
            _("first day"): row.days.lower,
            _("day after the last"): row.days.upper,
            **words_of(row, "available", "start", "end"),
        }


def _helpers(person: Person) -> Iterator[Row]:
    """That somebody is close, or helps: not who, for that is about somebody else."""
    resident = getattr(person, "resident", None)
    if resident is None:
        return
    for relative in resident.relatives.all():
        yield words_of(relative, "joins_conversation")
    for mandate in resident.mandates.all():
        yield words_of(mandate, "origin", "given_at", "ended_at")


def _log(person: Person) -> Iterator[Row]:
    for event in lines_for_copy(person_id=person.pk, most=MOST_LINES):
        yield words_of(
            event,
            "at",
            "event_code",
            "action",
            "actor_role",
            "actor_organisation",
            "purpose",
            "result",
        )


def add_parts() -> None:
    """Called when the app starts."""
    add_part(OwnPart(key="person", title=gettext_lazy("Who you are"), read=_person))
    add_part(
        OwnPart(key="wishes", title=gettext_lazy("Your wishes"), read=_wishes, order=1)
    )
    add_part(
        OwnPart(
            key="hours", title=gettext_lazy("When you can come"), read=_hours, order=2
        )
    )
    add_part(
        OwnPart(
            key="helpers", title=gettext_lazy("Who helps you"), read=_helpers, order=3
        )
    )
    add_part(
        OwnPart(
            key="log",
            title=gettext_lazy("Who looked at your data"),
            read=_log,
            order=90,
        )
    )
