"""A helper asks a mental-health professional to think along for half an hour."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from audit.actor import Actor
from audit.record import CARE, record_event
from audit.rows import save_checked
from intake.enums import ConsultationState, ProposalState
from intake.models import Consultation, ProposedTime

if TYPE_CHECKING:
    from django.db.backends.postgresql.psycopg_any import DateRange

    from people.models import Facilitator, Organisation, User


@transaction.atomic
def ask_consultation(
    *,
    actor: Actor,
    asked_by: User,
    organisation: Organisation,
    topic: str,
    wished_days: DateRange,
    series_id: uuid.UUID | None = None,
    once: uuid.UUID | None = None,
) -> Consultation:
    """Write down that a helper asks to think along; no resident is named.

    `series_id` is the series it is planned as, where there is one already. The same
    `once` again gives the request that is already there.
    """
    if once is not None:
        there = Consultation.objects.filter(once=once, asked_by=asked_by).first()
        if there is not None:
            return there
    consultation = Consultation(
        asked_by=asked_by,
        organisation=organisation,
        topic=topic,
        wished_days=wished_days,
        series_id=series_id,
        once=once,
        state=(
            ConsultationState.ASKED if series_id is None else ConsultationState.PLANNED
        ),
    )
    try:
        with transaction.atomic():
            save_checked(consultation)
    except IntegrityError:  # two presses at the same moment
        return Consultation.objects.get(once=once, asked_by=asked_by)
    _log(actor, "consultation.create", "C", consultation)
    return consultation


@transaction.atomic
def withdraw_consultation(*, actor: Actor, consultation: Consultation) -> bool:
    """Stop asking; whether there was anything to stop."""
    stopped = Consultation.objects.filter(
        pk=consultation.pk, state=ConsultationState.ASKED
    ).update(state=ConsultationState.WITHDRAWN)
    if stopped:
        _log(actor, "consultation.withdraw", "U", consultation)
    return bool(stopped)


@transaction.atomic
def decline(*, actor: Actor, time: ProposedTime, facilitator: Facilitator) -> None:
    """A professional cannot; he or she is not asked for this one again."""
    time.state = ProposalState.DECLINED
    time.save(update_fields=["state"])
    if time.consultation is not None:
        time.consultation.declined_by.add(facilitator)
        _log(actor, "consultation.decline", "U", time.consultation)


def _log(actor: Actor, code: str, action: str, consultation: Consultation) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=CARE,
        object_kind="consultation",
        object_id=consultation.pk,
    )
