"""Asking leaders to lead, and their answers.

Who leads a series is asked once for the series; who comes in for one date is asked for
that date. An answer by the link in the mail is as good as one on the page, and the link
works once. A refusal leaves the agenda as it is: a coordinator decides what then.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from audit.rows import save_checked
from courses.enums import AssignmentState, DeclineReason, SessionState
from courses.models import Assignment, SeriesLeader, SessionLeader

LINK_DAYS = 14
TOKEN_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An asking with the secret of its link: the only time that it can be told."""

    assignment: Assignment
    token: str


def token_hash(token: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def _log(actor: Actor, code: str, action: str, rows: Iterable[Assignment]) -> None:
    kept = list(rows)
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=PLANNING,
        subjects=[one.facilitator.person_id for one in kept],
        object_kind="assignment",
        object_id=kept[0].pk if len(kept) == 1 else "",
    )


@transaction.atomic
def ask_leaders(*, actor: Actor, series_ids: Iterable[uuid.UUID]) -> list[Asked]:
    """Ask the leaders of coming sessions of these series who were not asked yet.

    Four queries, however many; the same again asks nobody.
    """
    wanted = list(series_ids)
    now = timezone.now()
    whole = set(
        SeriesLeader.objects.filter(series__in=wanted).values_list(
            "facilitator_id", "series_id"
        )
    )
    leads = SessionLeader.objects.filter(
        session__series__in=wanted,
        state=SessionState.PUBLISHED,
        period__startswith__gt=now,
    ).values_list("facilitator_id", "session__series_id", "session_id")
    keys = {
        (who, series, None if (who, series) in whole else session)
        for who, series, session in leads
    }
    known = Assignment.objects.filter(series__in=wanted).values_list(
        "facilitator_id", "series_id", "session_id"
    )
    asked = []
    for who, series, session in sorted(keys - set(known), key=str):
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = Assignment(
            facilitator_id=who,
            series_id=series,
            session_id=session,
            asked_at=now,
            token_hash=token_hash(token),
            token_expires_at=now + timedelta(days=LINK_DAYS),
        )
        asked.append(Asked(assignment=row, token=token))
    made = Assignment.objects.bulk_create(
        [one.assignment for one in asked], ignore_conflicts=True
    )
    rows = (
        Assignment.objects.filter(token_hash__in=[one.token_hash for one in made])
        .select_related("facilitator__person")
        .in_bulk(field_name="token_hash")
    )
    there = [
        Asked(assignment=rows[one.assignment.token_hash], token=one.token)
        for one in asked
        if one.assignment.token_hash in rows
    ]
    if there:
        _log(actor, "assignment.ask", "C", [one.assignment for one in there])
    return there


def asked_in_vain(*, series_ids: Iterable[uuid.UUID]) -> list[int]:
    """Ids of the askings for these series without an answer, of who leads nothing to
    come of what was asked. Two queries; shows no person."""
    wanted = list(series_ids)
    leads = SessionLeader.objects.filter(
        session__series__in=wanted,
        state=SessionState.PUBLISHED,
        period__startswith__gt=timezone.now(),
    ).values_list("facilitator_id", "session__series_id", "session_id")
    there = {(who, series, None) for who, series, _session in leads} | {*leads}
    asked = Assignment.objects.filter(
        series__in=wanted, state=AssignmentState.ASKED
    ).order_by("pk")
    return [
        one.pk
        for one in asked
        if (one.facilitator_id, one.series_id, one.session_id) not in there
    ]


@transaction.atomic
def drop_askings(*, actor: Actor, assignment_ids: Iterable[int]) -> int:
    """Take askings back of which nobody heard; how many there were."""
    rows = list(
        Assignment.objects.select_for_update(of=("self",))
        .select_related("facilitator")
        .filter(pk__in=list(assignment_ids), state=AssignmentState.ASKED)
    )
    if rows:
        Assignment.objects.filter(pk__in=[one.pk for one in rows]).delete()
        _log(actor, "assignment.drop", "D", rows)
    return len(rows)


def assignment_by_link(*, token: str) -> Assignment | None:
    """The asking behind a link that still works; looking at it changes nothing."""
    return (
        Assignment.objects.select_related("facilitator__person", "series__offering")
        .filter(
            token_hash=token_hash(token),
            token_expires_at__gt=timezone.now(),
            state=AssignmentState.ASKED,
        )
        .first()
    )


@transaction.atomic
def answer_assignment(
    *, actor: Actor, assignment: Assignment, accepted: bool, reason: str = ""
) -> Assignment:
    """Write down yes or no; the link in the mail stops working.

    On the page an answer may be changed as long as sessions are to come; the same
    answer again changes nothing.

    Raises
    ------
    django.core.exceptions.ValidationError
        For a no without a reason from the list.
    """
    row = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("facilitator__person")
        .get(pk=assignment.pk)
    )
    state = AssignmentState.ACCEPTED if accepted else AssignmentState.DECLINED
    reason = "" if accepted else reason
    if not accepted and reason not in DeclineReason.values:
        raise ValidationError(_("Choose why you cannot lead this."))
    if (row.state, row.reason) == (state, reason):
        return row
    row.state, row.reason = state, reason
    row.answered_at = timezone.now()
    row.token_hash = row.token_expires_at = None
    save_checked(row)
    _log(actor, f"assignment.{state.value}", "U", [row])
    return row


@transaction.atomic
def answer_by_link(
    *, token: str, accepted: bool, reason: str = ""
) -> Assignment | None:
    """An answer by the link in a mail; None when the link does not work (any more).

    Of two presses at once one answers. Raises as `answer_assignment`.
    """
    found = (
        Assignment.objects.select_for_update(of=("self",))
        .filter(
            token_hash=token_hash(token),
            token_expires_at__gt=timezone.now(),
            state=AssignmentState.ASKED,
        )
        .first()
    )
    if found is None:
        return None
    actor = Actor(user_id=f"link:{found.pk}", role="link")
    return answer_assignment(
        actor=actor, assignment=found, accepted=accepted, reason=reason
    )
