"""Asking colleagues to take over one meeting: the first who says yes leads it.

Who is fit and free is judged elsewhere (scheduling); here the questions and answers are
kept, and a yes changes who leads. Looking at a link answers nothing, and it works once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.enums import AssignmentState, SessionState, StandInState
from courses.models import Assignment, Session, SessionLeader, StandInAsk
from courses.services.agenda import replace_leaders
from courses.services.assignments import TOKEN_BYTES, token_hash

if TYPE_CHECKING:
    from people.models import Facilitator

MOST_ASKED = 10
"""How many colleagues can be asked for one meeting: a question is not a mailing."""


@dataclass(frozen=True, kw_only=True)
class AskedStandIn:
    """A question with the secret of its link: the only time that it can be told."""

    ask: StandInAsk
    token: str


class NoLongerWanted(Exception):
    """The meeting is taken over, moved, over or called off: no answer counts."""


class NotFitAnyMore(Exception):
    """Who says yes cannot take it over by the rules, or leads elsewhere then."""


def _still_wanted() -> QuerySet[StandInAsk]:
    """Questions that an answer would still count for."""
    return StandInAsk.objects.filter(
        state=StandInState.ASKED,
        session__state=SessionState.PUBLISHED,
        session__period=F("period"),
        session__period__startswith__gt=timezone.now(),
        session__session_leaders__facilitator=F("missing"),
    ).select_related(
        "facilitator__person",
        "missing__person",
        "session__series__offering",
        "session__room__centre__place",
    )


@transaction.atomic
def ask_stand_ins(
    *,
    actor: Actor,
    session: Session,
    missing: Facilitator,
    facilitator_ids: Iterable[int],
) -> list[AskedStandIn]:
    """Ask these colleagues to lead a session for one of its leaders; those asked now.

    Who was asked already is not asked twice; who said no before may be asked again.

    Raises
    ------
    django.core.exceptions.ValidationError
        When the meeting began or is called off, the leader does not lead it, or too
        many would be asked.
    """
    row = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if row.state != SessionState.PUBLISHED or row.period.lower <= timezone.now():
        raise ValidationError(_("This meeting is not to come any more."))
    if not SessionLeader.objects.filter(session=row, facilitator=missing).exists():
        raise ValidationError(_("This leader does not lead that session."))
    asked = StandInAsk.objects.filter(
        session=row, missing=missing, state=StandInState.ASKED
    )
    # A question for another time than the meeting has now is over.
    _over(asked.exclude(period=row.period))
    there = set(asked.values_list("facilitator_id", flat=True))
    new = [pk for pk in dict.fromkeys(facilitator_ids) if pk not in there]
    if len(there) + len(new) > MOST_ASKED:
        raise ValidationError(
            _("You can ask at most %(most)d colleagues for one meeting.")
            % {"most": MOST_ASKED}
        )
    found = []
    for pk in new:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        ask = StandInAsk.objects.create(
            session=row,
            missing=missing,
            facilitator_id=pk,
            period=row.period,
            token_hash=token_hash(token),
        )
        found.append(AskedStandIn(ask=ask, token=token))
    rows = StandInAsk.objects.select_related("facilitator__person").in_bulk(
        [one.ask.pk for one in found]
    )
    if found:
        _log(actor, "stand_in.ask", "C", rows.values())
    return [AskedStandIn(ask=rows[one.ask.pk], token=one.token) for one in found]


def stand_in_by_link(*, token: str) -> StandInAsk | None:
    """The question behind a link that still works; looking changes nothing."""
    return _still_wanted().filter(token_hash=token_hash(token)).first()


def stand_in_asked_of(*, facilitator: Facilitator, ask_id: int) -> StandInAsk | None:
    """An open question to this facilitator."""
    return _still_wanted().filter(facilitator=facilitator, pk=ask_id).first()


def open_stand_ins(*, facilitator: Facilitator) -> list[StandInAsk]:
    """Open questions to this facilitator, the soonest meeting first."""
    return list(_still_wanted().filter(facilitator=facilitator).order_by("period"))


def asked_for(*, session: Session, missing: Facilitator) -> list[StandInAsk]:
    """Whom a leader asked for a meeting as it is now, and what they answered."""
    rows = StandInAsk.objects.filter(
        Q(period=session.period), session=session, missing=missing
    ).exclude(state=StandInState.OVER)
    return list(rows.select_related("facilitator__person", "facilitator__organisation"))


Fit = Callable[[StandInAsk], bool]


@transaction.atomic
def take_over(*, actor: Actor, ask: StandInAsk, fit: Fit) -> StandInAsk:
    """Say yes: lead the meeting from now on; all other questions about it are over.

    `fit` judges by the rules of today, while the row of the session is locked, so that
    of two who press at once one leads.

    Raises
    ------
    NoLongerWanted
        When somebody was first, or the meeting is not what it was.
    NotFitAnyMore
        When a rule forbids it by now; the question stays open.
    """
    Session.objects.select_for_update(no_key=True).get(pk=ask.session_id)
    row = _still_wanted().filter(pk=ask.pk).first()
    if row is None:
        raise NoLongerWanted
    if not fit(row):
        raise NotFitAnyMore
    leaders = SessionLeader.objects.filter(session=row.session)
    rest = [
        pk
        for pk in leaders.values_list("facilitator_id", flat=True)
        if pk != row.missing_id
    ]
    try:
        with transaction.atomic():
            replace_leaders(
                session=row.session,
                facilitator_ids=[*rest, row.facilitator_id],
                actor=actor,
            )
    except (ValidationError, IntegrityError) as error:
        raise NotFitAnyMore from error
    now = timezone.now()
    row.state, row.answered_at, row.token_hash = StandInState.ACCEPTED, now, None
    row.save(update_fields=["state", "answered_at", "token_hash"])
    others = StandInAsk.objects.filter(
        session=row.session, missing=row.missing, state=StandInState.ASKED
    )
    _over(others)
    # So that a later release does not ask whether this colleague will lead.
    Assignment.objects.update_or_create(
        facilitator=row.facilitator,
        series_id=row.session.series_id,
        session=row.session,
        defaults={
            "state": AssignmentState.ACCEPTED,
            "reason": "",
            "answered_at": now,
            "token_hash": None,
            "token_expires_at": None,
        },
    )
    _log(actor, "stand_in.accepted", "U", [row])
    return row


@transaction.atomic
def say_no(*, actor: Actor, ask: StandInAsk) -> bool:
    """Say no; whether the question was still open."""
    row = (
        StandInAsk.objects.select_for_update(of=("self",))
        .select_related("facilitator")
        .filter(pk=ask.pk, state=StandInState.ASKED)
        .first()
    )
    if row is None:
        return False
    row.state, row.answered_at = StandInState.DECLINED, timezone.now()
    row.token_hash = None
    row.save(update_fields=["state", "answered_at", "token_hash"])
    _log(actor, "stand_in.declined", "U", [row])
    return True


@transaction.atomic
def stop_asking(*, actor: Actor, session: Session, missing: Facilitator) -> int:
    """Take the open questions about a meeting back; how many there were."""
    rows = list(
        StandInAsk.objects.filter(
            session=session, missing=missing, state=StandInState.ASKED
        ).select_related("facilitator")
    )
    _over(StandInAsk.objects.filter(pk__in=[row.pk for row in rows]))
    if rows:
        _log(actor, "stand_in.stop", "U", rows)
    return len(rows)


def _over(asks: QuerySet[StandInAsk]) -> None:
    asks.update(state=StandInState.OVER, answered_at=timezone.now(), token_hash=None)


def _log(actor: Actor, code: str, action: str, rows: Iterable[StandInAsk]) -> None:
    kept = list(rows)
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=PLANNING,
        subjects=[one.facilitator.person_id for one in kept],
        object_kind="stand_in",
        object_id=kept[0].pk if len(kept) == 1 else "",
    )
