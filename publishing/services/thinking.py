"""A consultation: half an hour with a mental-health professional, without a resident.

A time is found with one professional, who says yes or no; a no is asked of the next.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.selectors import consultation_offering, led_periods
from courses.services import DoubleBooking, bookings_deferred
from intake.enums import ConsultationState
from intake.selectors import (
    asked_consultations,
    consultation_declined_by,
    lock_consultation,
    open_consultation_time,
    spoken_for,
)
from intake.services import proposals
from intake.services.consultations import decline
from intake.services.letters import tell_asker, tell_consultation
from people.selectors import facilitator_of
from publishing.services.calendar import mirror_series
from publishing.services.conversations import (
    gone,
    lead_days,
    occupied_by,
    planner,
    publish_single,
)
from scheduling.services.conversations import series_to_hold
from scheduling.services.times import FoundTime, Wanted, find_times, still_fits
from scheduling.solver.faults import InvalidProblem

if TYPE_CHECKING:
    from intake.models import Consultation, ProposedTime
    from people.models import Facilitator


def propose_consultations(*, actor: Actor) -> int:
    """Ask a professional for a time, for each consultation that has none open.

    How many were proposed. What the plan of a week has placed meanwhile is planned.
    """
    offering = consultation_offering()
    if offering is None:
        return 0
    served = 0
    for consultation in asked_consultations():
        with transaction.atomic():
            row = lock_consultation(consultation_id=consultation.pk)
            if row.state != ConsultationState.ASKED:
                continue
            if row.series_id is None:
                row.series = series_to_hold(actor=planner(), offering=offering)
                row.save(update_fields=["series"])
        served += _propose_one(actor, row)
    return served


def _propose_one(actor: Actor, consultation: Consultation) -> bool:
    first, last = _window(consultation)
    if last < first:
        return False
    found = find_times(
        actor=planner(),
        wanted=[_wanted(consultation, first, last)],
        first=first,
        last=last,
        occupied=occupied_by(spoken_for()),
        number=1,
    )
    for time in found[0]:
        with transaction.atomic():
            kept = proposals.keep_consultation_time(
                consultation=consultation,
                slot=proposals.Slot(
                    period=time.period,
                    room_id=time.room_id,
                    facilitator_ids=time.facilitator_ids,
                ),
            )
            for lead in kept.leaders.select_related("person"):
                tell_consultation(actor=actor, time=kept, lead=lead)
        return True
    return False


def _window(consultation: Consultation) -> tuple[date, date]:
    """The wished days, from tomorrow on; `wished_days` is half-open."""
    soonest = timezone.localdate() + timedelta(days=min(1, lead_days()))
    days = consultation.wished_days
    return max(soonest, days.lower), days.upper - timedelta(days=1)


def _wanted(consultation: Consultation, first: date, last: date) -> Wanted:
    without = consultation_declined_by(consultation_id=consultation.pk)
    asker = facilitator_of(user=consultation.asked_by)
    busy: tuple[DateTimeTZRange, ...] = ()
    if asker is not None:
        without |= {asker.pk}
        busy = tuple(led_periods(facilitator_id=asker.pk, first=first, last=last))
    return Wanted(
        series_id=consultation.series_id,
        without=without,
        busy=busy,
    )


def accept(*, actor: Actor, facilitator: Facilitator, time_id: int) -> ProposedTime:
    """The professional says yes: the consultation is in both agendas.

    Saying yes again changes nothing.

    Raises
    ------
    django.core.exceptions.ValidationError
        When it was taken back, or does not fit any more.
    """
    time = open_consultation_time(time_id=time_id, facilitator_id=facilitator.pk)
    if time is None:
        raise ValidationError(_("This question is no longer open."))
    if time.state == "chosen":
        return time
    consultation = time.consultation
    if consultation is None:
        raise ValidationError(_("This question is no longer open."))
    found = FoundTime(
        period=time.period, room_id=time.room_id, facilitator_ids=(facilitator.pk,)
    )
    wanted = Wanted(series_id=consultation.series_id)
    if time.period.lower <= timezone.now() or not still_fits(
        actor=planner(), wanted=wanted, time=found
    ):
        proposals.lapse_time(time=time)
        raise gone()
    try:
        with bookings_deferred():
            row = lock_consultation(consultation_id=consultation.pk)
            if row.state != ConsultationState.ASKED or row.series is None:
                raise ValidationError(_("This question is no longer open."))
            series_id, session_id = publish_single(
                actor=actor, offering=row.series.offering, time=found, series=row.series
            )
            proposals.mark_accepted(consultation=row, time=time, series_id=series_id)
            mirror_series(series_ids=[series_id])
            tell_asker(actor=actor, consultation=row, time=time, session_id=session_id)
    except DoubleBooking as double:
        proposals.lapse_time(time=time)
        raise gone() from double
    return time


def say_no(*, actor: Actor, facilitator: Facilitator, time_id: int) -> bool:
    """The professional cannot: another one is asked; whether there was a question."""
    time = open_consultation_time(time_id=time_id, facilitator_id=facilitator.pk)
    if time is None or time.state == "chosen" or time.consultation is None:
        return False
    decline(actor=actor, time=time, facilitator=facilitator)
    # The no stands; while facts cannot be right, the next round asks somebody.
    with suppress(InvalidProblem):
        _propose_one(actor, time.consultation)
    return True
