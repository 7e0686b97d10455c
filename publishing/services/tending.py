"""What waits on a clock in conversations: answers that stay out, and the day itself.

The reminder of the day before is that of every session, in courses.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from courses.selectors import seated_session
from intake.selectors import (
    ended_otherwise,
    hours_given_up,
    placed_otherwise,
    proposed_before,
)
from intake.services import proposals
from intake.services.letters import remind_to_choose
from intake.services.outcome import mark_held
from intake.services.referrals import close_referral
from publishing.services.conversations import give_back
from scheduling.selectors.repairs import is_asked_about


def tend(*, actor: Actor, now: datetime | None = None) -> dict[str, int]:
    """Do all that is due; how many of each. Done twice, the second does nothing."""
    at = now or timezone.now()
    return {
        # First: who stopped asking is not reminded of anything.
        "closed": _close(actor),
        "given_back": _give_back(actor, at),
        "adopted": _adopt(actor),
        "held": mark_held(actor=actor, now=at),
        "asked_again": _ask_again(actor, at),
        "lapsed": _lapse(actor, at),
    }


def _close(actor: Actor) -> int:
    """What was ended by itself is not waited for as a conversation any more."""
    return sum(close_referral(actor=actor, referral=one) for one in ended_otherwise())


def _give_back(actor: Actor, at: datetime) -> int:
    """The hour that somebody had who stopped asking leaves the agenda, unless another
    has it by now, or a coordinator was asked what becomes of it and decides
    (`scheduling.services.repairs.resident_left`)."""
    return sum(
        give_back(actor=actor, time=time)
        for time, given_up_at in hours_given_up(moment=at)
        if time.series_id is not None
        and not is_asked_about(series_id=time.series_id, since=given_up_at)
    )


def _adopt(actor: Actor) -> int:
    """Conversations that came with the plan of a week instead of a chosen time."""
    adopted = 0
    for referral in placed_otherwise():
        if referral.registration_id is None:
            continue
        session = seated_session(registration_id=referral.registration_id)
        if session is not None:
            slot = proposals.Slot(
                period=session.period,
                room_id=session.room_id,
                facilitator_ids=tuple(
                    one.facilitator_id for one in session.session_leaders.all()
                ),
            )
            adopted += bool(
                proposals.adopt(
                    actor=actor,
                    referral=referral,
                    slot=slot,
                    series_id=session.series_id,
                )
            )
    return adopted


def _ask_again(actor: Actor, at: datetime) -> int:
    """Half-way the days for an answer, once for each round; a new link comes along."""
    half = at - timedelta(days=proposals.answer_days() / 2)
    return sum(
        remind_to_choose(actor=actor, referral=row, round_of=f"{made:%Y%m%d%H%M}")
        for row, made in proposed_before(moment=half)
    )


def _lapse(actor: Actor, at: datetime) -> int:
    """Times that nobody chose in time lapse, and others will be proposed.

    The coordinator's list shows who has not answered, so that somebody calls.
    """
    late = proposed_before(moment=at - timedelta(days=proposals.answer_days()))
    for row, _made in late:
        with transaction.atomic():
            proposals.put_back(actor=actor, referral=row, declined=False)
    return len(late)
