"""From a referral that waits to an appointment: times proposed, one chosen and held.

A conversation is too soon and too single to wait for the plan of a week. Its times are
found by the planner's rules (scheduling), written down with the referral (intake), and
the chosen one is published like any other session: in one transaction with the seat
and the calendar, in which the database refuses a double use of room or professional.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.enums import OPEN_STATES, RUNNING_STATES, SEAT_HOLDING
from courses.services import (
    DoubleBooking,
    SessionFacts,
    bookings_deferred,
    cancel_series,
    confirm_held_seats,
    hold_seats,
    lock_series,
    publish_series,
)
from intake.enums import ReferralState
from intake.selectors import (
    open_time,
    referral_row,
    referrals_to_propose,
    spoken_for,
    times_seen,
)
from intake.services import proposals
from intake.services.letters import tell_appointment, tell_times
from intake.services.referrals import close_referral
from publishing.rhythm import ZONE
from publishing.services.calendar import mirror_series
from scheduling.services.conversations import prepare_conversations, series_to_hold
from scheduling.services.times import (
    FoundTime,
    Occupied,
    Wanted,
    find_times,
    still_fits,
)
from scheduling.solver.faults import InvalidProblem

if TYPE_CHECKING:
    from courses.models import Offering, Series
    from intake.models import ProposedTime, Referral

TASK = "publishing.conversations"


def lead_days() -> int:
    """Days between a proposal and the first time in it; a setting of the region."""
    return getattr(settings, "CONVERSATION_LEAD_DAYS", 3)


def times_proposed() -> int:
    """How many times a resident can choose from; a setting of the region."""
    return getattr(settings, "CONVERSATION_TIMES", 3)


def planner() -> Actor:
    """Who reads the facts of planning: the program, not the resident who asks."""
    return Actor.system(TASK)


class TimeGone(ValidationError):
    """A time that was proposed cannot be had any more; others can still be chosen."""


def gone() -> TimeGone:
    return TimeGone(_("This time is no longer free. Choose another time."))


def stopped() -> ValidationError:
    """What was asked was ended, and the referral is not closed yet."""
    return ValidationError(_("This was stopped. There is no time to choose any more."))


def window(target: date, today: date | None = None) -> tuple[date, date]:
    """First and last day on which a conversation is looked for.

    Until the day it is due; when fewer than two weeks are left of that, two weeks, so
    that there is something to choose from.
    """
    first = (today or timezone.localdate()) + timedelta(days=lead_days())
    return first, max(target, first + timedelta(weeks=2))


def propose(*, actor: Actor, referral_ids: Iterable[int] | None = None) -> int:
    """Propose times to those who wait for a conversation; how many got some.

    `referral_ids`: these only, also when times are open already. Facts are loaded
    once; two people are never proposed the same professional at one hour.
    """
    waiting = referrals_to_propose(referral_ids=referral_ids)
    if not waiting:
        return 0
    prepare_conversations(actor=planner())
    spans = [window(one.target_date) for one in waiting]
    own = {one.pk for one in waiting}
    found = find_times(
        actor=planner(),
        wanted=[_wanted(one) for one in waiting],
        first=min(first for first, _last in spans),
        last=max(last for _first, last in spans),
        occupied=occupied_by(spoken_for(without_referrals=own)),
        number=times_proposed(),
    )
    served = 0
    for referral, times in zip(waiting, found, strict=True):
        slots = [
            proposals.Slot(
                period=one.period,
                room_id=one.room_id,
                facilitator_ids=one.facilitator_ids,
            )
            for one in times
        ]
        with transaction.atomic():
            kept = proposals.keep_times(actor=actor, referral=referral, slots=slots)
            if kept:
                tell_times(actor=actor, referral=referral)
                served += 1
    return served


def _wanted(referral: Referral) -> Wanted:
    return Wanted(
        registration_id=referral.registration_id,
        refused=times_seen(referral_id=referral.pk),
    )


def occupied_by(times: Iterable[ProposedTime]) -> list[Occupied]:
    """What was proposed to others and is not chosen yet, for the search of times."""
    return [
        Occupied(
            period=one.period,
            room_id=one.room_id,
            facilitator_ids=frozenset(lead.pk for lead in one.leaders.all()),
        )
        for one in times
    ]


def choose(*, actor: Actor, referral_id: int, time_id: int) -> ProposedTime:
    """Hold a conversation at a proposed time: session, seat and calendar in one.

    Choosing the same time again changes nothing.

    Raises
    ------
    TimeGone
        When it cannot be had any more; it is not proposed any longer.
    django.core.exceptions.ValidationError
        When it was never proposed, another time was chosen already, or what was asked
        is ended. The time stays as it is then.
    """
    time = open_time(referral_id=referral_id, time_id=time_id)
    referral = referral_row(referral_id=referral_id)
    if referral.state == ReferralState.PLANNED:
        return _already(referral, time_id)
    if time is None:
        raise ValidationError(_("Choose one of the times."))
    found = FoundTime(
        period=time.period,
        room_id=time.room_id,
        facilitator_ids=tuple(lead.pk for lead in time.leaders.all()),
    )
    wanted = Wanted(registration_id=referral.registration_id)
    if time.period.lower <= timezone.now() or not still_fits(
        actor=planner(), wanted=wanted, time=found
    ):
        _must_ask(referral_id)
        proposals.lapse_time(time=time)
        raise gone()
    try:
        with bookings_deferred():
            return _hold(actor, referral_id, time, found)
    except DoubleBooking as double:
        proposals.lapse_time(time=time)
        raise gone() from double


def _must_ask(referral_id: int) -> None:
    """Who stopped asking fits no time, and is not told that a time is gone."""
    registration = referral_row(referral_id=referral_id).registration
    if registration is not None and registration.state not in OPEN_STATES:
        raise stopped()


def _already(referral: Referral, time_id: int) -> ProposedTime:
    chosen = referral.times.filter(state="chosen").first()
    if chosen is None or chosen.pk != time_id:
        raise ValidationError(_("You already chose a time."))
    return chosen


def _hold(
    actor: Actor, referral_id: int, time: ProposedTime, found: FoundTime
) -> ProposedTime:
    referral = proposals.lock_referral(referral_id)
    if referral.state == ReferralState.PLANNED:
        return _already(referral, time.pk)
    if referral.state != ReferralState.PROPOSED or referral.registration is None:
        raise ValidationError(_("Choose one of the times."))
    series_id, session_id = publish_single(
        actor=actor, offering=referral.registration.offering, time=found
    )
    pair = (referral.registration.pk, series_id)
    seats = hold_seats(pairs=[pair], actor=actor, judged=found.period)
    if seats.refused:
        raise ValidationError(_("You already have a conversation. Look at your page."))
    if any(one.registration.state not in OPEN_STATES for one in seats.held):
        raise stopped()
    confirm_held_seats(pairs=[pair], actor=actor)
    proposals.mark_chosen(
        actor=actor, referral=referral, time=time, series_id=series_id
    )
    mirror_series(series_ids=[series_id])
    tell_appointment(actor=actor, referral=referral, time=time, session_id=session_id)
    return time


def publish_single(
    *,
    actor: Actor,
    offering: Offering | None,
    time: FoundTime,
    series: Series | None = None,
) -> tuple[uuid.UUID, uuid.UUID]:
    """Put one conversation in the agenda; the keys of its series and session.

    Without `series` a spare one of the offering is taken, or made. Call it inside
    `bookings_deferred`, which judges double use at the end.
    """
    if offering is None:
        raise ValueError("a conversation has an offering")
    if series is None:
        series = series_to_hold(actor=actor, offering=offering)
    start, session_id = time.period.lower.astimezone(ZONE), uuid.uuid4()
    publish_series(
        series=series,
        actor=actor,
        weekday=start.isoweekday(),
        start_time=start.time(),
        first_date=start.date(),
        room_id=time.room_id,
        leader_ids=time.facilitator_ids,
        sessions=[
            SessionFacts(
                id=session_id,
                number=1,
                period=time.period,
                room_id=time.room_id,
                online=time.room_id is None,
                leader_ids=time.facilitator_ids,
            )
        ],
    )
    return series.pk, session_id


def ask_others(*, actor: Actor, referral_id: int) -> int:
    """None of the times will do: others are proposed; how many got some (0 or 1).

    Raises ``ValidationError`` when what was asked is ended: none are looked for then.
    """
    referral = referral_row(referral_id=referral_id)
    if referral.state != ReferralState.PROPOSED:
        return 0
    _must_ask(referral_id)
    proposals.put_back(actor=actor, referral=referral, declined=True)
    return look_on(actor=actor, referral_id=referral_id)


def look_on(*, actor: Actor, referral_id: int) -> int:
    """Look for times for who said something that stands; how many got some (0 or 1).

    None while the facts of the weeks cannot be right: that is not for this person to
    mend, and the round of every quarter of an hour looks again.
    """
    try:
        return propose(actor=actor, referral_ids=[referral_id])
    except InvalidProblem:
        return 0


@transaction.atomic
def cancel(*, actor: Actor, referral_id: int) -> bool:
    """The resident cannot come: the appointment is taken out and he waits again."""
    referral = proposals.lock_referral(referral_id)
    chosen = referral.times.filter(state="chosen").select_related("series").first()
    if referral.state != ReferralState.PLANNED or chosen is None:
        return False
    if chosen.period.lower <= timezone.now():
        raise ValidationError(_("This conversation has already begun."))
    if chosen.series is not None:
        cancel_series(series=chosen.series, actor=actor)
        mirror_series(series_ids=[chosen.series.pk])
    proposals.put_back(actor=actor, referral=referral, declined=True)
    return True


@transaction.atomic
def give_back(*, actor: Actor, time: ProposedTime) -> bool:
    """Take an hour to which nobody comes out of the agenda; whether it was done now."""
    for series in lock_series(ids=[time.series_id] if time.series_id else []):
        taken = series.enrolments.filter(state__in=SEAT_HOLDING)
        if series.state in RUNNING_STATES and not taken.exists():
            cancel_series(series=series, actor=actor)
            mirror_series(series_ids=[series.pk])
            return True
    return False


def withdraw(*, actor: Actor, referral_id: int) -> bool:
    """The resident does not want it any more; whether there was anything to stop."""
    with transaction.atomic():
        cancel(actor=actor, referral_id=referral_id)
        return close_referral(
            actor=actor, referral=proposals.lock_referral(referral_id)
        )
