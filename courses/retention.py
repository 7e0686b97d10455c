"""How long courses keeps what: attendance, seats, registrations, and messages."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.actor import Actor
from courses.enums import EnrolmentState, RegistrationState
from courses.models import AttendanceSheet, Enrolment, Registration, StandInAsk
from messaging.services import erase_gone
from people.services.retention import Counts, RetentionKind, Terms, add_kind

OVER = (EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED, EnrolmentState.STOPPED)
CLOSED = (
    RegistrationState.WITHDRAWN,
    RegistrationState.FINISHED,
    RegistrationState.STOPPED,
)


def _attendance(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    past = terms.past(
        "session__period__endswith",
        organisation="session__series__offering__organisation",
    )
    held = Q(rows__enrolment__resident__person__in=sorted(terms.held))
    found = AttendanceSheet.objects.filter(past).exclude(held)
    # The order of the table would make rows appear twice here.
    keys = list(found.order_by().values_list("pk", flat=True).distinct())
    return AttendanceSheet.objects.filter(pk__in=keys).delete()[1]


def _seats(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    past = terms.past(
        "changed_at",
        organisation="series__offering__organisation",
        person="resident__person",
    )
    return Enrolment.objects.filter(past, state__in=OVER).delete()[1]


def _registrations(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    """Closed ones without a seat that is kept yet."""
    past = terms.past("registered_at", person="resident__person")
    found = Registration.objects.filter(past, state__in=CLOSED, enrolments__isnull=True)
    return found.delete()[1]


def _waiting(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    past = terms.past("registered_at", person="resident__person")
    found = Registration.objects.filter(past, state=RegistrationState.WAITING)
    # Who had an offer or a seat of late was heard of.
    lately = Q(enrolments__changed_at__gte=terms.cutoff)
    return {"courses.Registration": found.exclude(lately).count()}


def _stand_ins(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    past = terms.past("period__endswith")
    return StandInAsk.objects.filter(past).delete()[1]


def _messages(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    """Messaging lies beside people and cannot bring its own kind."""
    past = terms.past("created_at")
    if terms.held:
        # Written out: a message to nobody known has no person to compare with.
        past &= Q(recipient__isnull=True) | ~Q(recipient__in=sorted(terms.held))
    return {"messaging.OutboxMessage": erase_gone(past=past)}


def add_kinds() -> None:
    """Called when the app starts."""
    run_ends = _("the day on which the place was given up or the group ended")
    for kind in (
        RetentionKind(
            key="attendance",
            title=_("Who was there"),
            counts_from=_("the end of the meeting"),
            why=_(
                "Needed for the figures of half a year; care files are kept elsewhere."
            ),
            days=180,
            expire=_attendance,
            per_organisation=True,
            order=10,
        ),
        RetentionKind(
            key="seats",
            title=_("Places that are over"),
            counts_from=run_ends,
            why=_("Twelve months after a group the names are no longer needed."),
            days=365,
            expire=_seats,
            per_organisation=True,
            order=20,
        ),
        RetentionKind(
            key="registrations",
            title=_("Registrations that are closed"),
            counts_from=_("the day of registering, when no place of it is kept"),
            why=_("Twelve months, as for places."),
            days=365,
            expire=_registrations,
            order=30,
        ),
        RetentionKind(
            key="waiting",
            title=_("Who waits and was not heard of"),
            counts_from=_("registering, or the last offer"),
            why=_("Nobody loses a turn by a program: call first, then close it."),
            days=183,
            expire=_waiting,
            only_counted=True,
            order=31,
        ),
        RetentionKind(
            key="stand-ins",
            title=_("Questions to substitutes"),
            counts_from=_("the end of the meeting"),
            why=_("Of use until the meeting is over."),
            days=90,
            expire=_stand_ins,
            order=32,
        ),
        RetentionKind(
            key="messages",
            title=_("Messages that are gone"),
            counts_from=_("the day on which it was written"),
            why=_("To answer questions about what was sent."),
            days=183,
            expire=_messages,
            order=40,
        ),
    ):
        add_kind(kind)
