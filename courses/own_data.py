"""What courses keeps of a person: what was asked for, seats, and messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actor import Actor
from courses.models import (
    Absence,
    Assignment,
    Attendance,
    Enrolment,
    MailLink,
    Registration,
    StandInAsk,
)
from courses.services.leaving import give_all_up
from messaging.selectors import letters_for_copy
from people.services.own_data import Counts, OwnPart, Row, add_part, words_of

if TYPE_CHECKING:
    from people.models import Person


def _registrations(person: Person) -> Iterator[Row]:
    rows = (
        Registration.objects.filter(resident__person=person)
        .select_related("offering", "theme", "one_to_one_reason")
        .prefetch_related("choices__offering", "choices__series__offering")
    )
    for row in rows.order_by("registered_at", "pk"):
        wishes = [row.offering or row.theme]
        for choice in row.choices.all():
            series = choice.series
            wishes.append(choice.offering or (series.offering if series else None))
        yield {
            _("asked for"): [str(wish) for wish in wishes if wish is not None],
            **words_of(
                row,
                "state",
                "need_class",
                "registered_at",
                "norm_date",
                "allowed_levels",
                "seats",
                "one_to_one_reason",
                "group_first_set_aside_at",
                "paused_until",
            ),
        }


def _seats(person: Person) -> Iterator[Row]:
    rows = Enrolment.objects.filter(resident__person=person)
    for row in rows.select_related("series__offering").order_by("made_at", "pk"):
        yield {
            _("group"): row.series.offering.title,
            **words_of(row, "state", "seats", "made_at", "changed_at"),
        }


def _came(person: Person) -> Iterator[Row]:
    missed = Absence.objects.filter(enrolment__resident__person=person)
    for row in missed.select_related("session").order_by("pk"):
        yield {_("missed"): row.session.period.lower, **words_of(row, "said_at")}
    came = Attendance.objects.filter(enrolment__resident__person=person)
    for one in came.select_related("sheet__session").order_by("pk"):
        yield {
            _("session"): one.sheet.session.period.lower,
            **words_of(
                one,
                *(
                    field.name
                    for field in Attendance._meta.concrete_fields
                    if not field.is_relation and not field.primary_key
                ),
            ),
        }


def _asked(person: Person) -> Iterator[Row]:
    """What a leader was asked; for whom somebody comes in is about that colleague."""
    mine = {"facilitator__person": person}
    for row in Assignment.objects.filter(**mine).select_related("series__offering"):
        yield {
            _("group"): row.series.offering.title,
            **words_of(row, "state", "reason", "asked_at", "answered_at"),
        }
    for one in StandInAsk.objects.filter(**mine).select_related("session"):
        yield {
            _("session"): one.period.lower,
            **words_of(one, "state", "asked_at", "answered_at"),
        }


def _messages(person: Person) -> Iterator[Row]:
    """Messaging lies beside people and cannot bring its own part."""
    for row in letters_for_copy(person_id=person.pk):
        shown = ("subject",) if row.secret else ("subject", "body")
        yield words_of(row, "created_at", "channel", *shown, "state", "sent_at")


def _erase(actor: Actor, person: Person) -> Counts:
    """Give seats up in the usual way first, so that the next in turn gets them."""
    resident = getattr(person, "resident", None)
    if resident is not None:
        give_all_up(resident_id=resident.pk, actor=actor)
    links = MailLink.objects.filter(address__iexact=person.contact_address or "-")
    return {"courses.MailLink": links.delete()[0]}


def add_parts() -> None:
    """Called when the app starts."""
    add_part(
        OwnPart(
            key="registrations",
            title=gettext_lazy("What you asked for"),
            read=_registrations,
            erase=_erase,
            order=10,
        )
    )
    add_part(
        OwnPart(key="seats", title=gettext_lazy("Your places"), read=_seats, order=11)
    )
    add_part(
        OwnPart(
            key="attendance",
            title=gettext_lazy("When you came"),
            read=_came,
            order=12,
        )
    )
    add_part(
        OwnPart(
            key="asked",
            title=gettext_lazy("What you were asked to lead"),
            read=_asked,
            order=13,
        )
    )
    add_part(
        OwnPart(
            key="messages",
            title=gettext_lazy("Messages to you"),
            read=_messages,
            order=30,
        )
    )
