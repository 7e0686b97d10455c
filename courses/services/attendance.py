"""Noting who was there, in parts of a session where the kind asks it.

Everybody is there unless somebody says otherwise (or said beforehand not to come). A
sheet is written as a whole against the version that its writer saw; who saw an older
one gets both, and decides. The last writing can be taken back.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import CARE, record_event
from audit.rows import save_checked
from courses.enums import EnrolmentState, SessionState
from courses.models import (
    Absence,
    Attendance,
    AttendanceSheet,
    Enrolment,
    Session,
    SessionLeader,
)

if TYPE_CHECKING:
    from people.models import Facilitator

EARLY = timedelta(hours=1)
"""How long before its start attendance can be noted."""
MOST_VISITORS = 1000
There = tuple[bool, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A participant on a sheet: seat, name to be called by, and there or not."""

    enrolment_id: int
    name: str
    seats: int
    there: There
    said_absent: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet as it is now; `saved` says whether somebody noted it."""

    session: Session
    version: int
    blocks: int
    lines: tuple[Line, ...]
    visitors: int | None
    saved: bool
    can_undo: bool

    @property
    def marks(self) -> dict[int, There]:
        """There or not, by enrolment."""
        return {one.enrolment_id: one.there for one in self.lines}


class SheetChanged(Exception):
    """Somebody noted it meanwhile; `sheet` is what stands there now."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__("the sheet was changed meanwhile")
        self.sheet = sheet


def led_session(*, facilitator: Facilitator, session_id: uuid.UUID) -> Session | None:
    """A session, if this facilitator leads it; with offering, room and leaders."""
    return (
        Session.objects.select_related("series__offering", "room__centre__place")
        .prefetch_related("session_leaders__facilitator__person")
        .filter(
            pk=session_id,
            pk__in=SessionLeader.objects.filter(facilitator=facilitator).values(
                "session"
            ),
        )
        .first()
    )


def blocks_of(session: Session) -> int:
    """In how many parts attendance of this session is noted."""
    part = session.series.offering.policy.attendance_block_minutes
    if part is None:
        return 1
    minutes = (session.period.upper - session.period.lower).total_seconds() / 60
    return max(1, math.ceil(minutes / part))


def takes_attendance(session: Session) -> bool:
    """Whether this session has participants to note; a drop-in counts visitors."""
    return session.series.offering.policy.takes_registrations


def _participants(session: Session) -> list[Enrolment]:
    return list(
        Enrolment.objects.filter(
            series=session.series_id,
            state__in=[EnrolmentState.ENROLLED, EnrolmentState.COMPLETED],
        )
        .select_related("resident__person")
        .order_by("resident__person__call_name", "pk")
    )


def read_sheet(*, actor: Actor, session: Session, log: bool = True) -> Sheet:
    """The sheet of a session with the names of who takes part; one log line.

    Whoever asks must lead the session (`led_session`).
    """
    seats = _participants(session) if takes_attendance(session) else []
    row = AttendanceSheet.objects.filter(session=session).first()
    noted = (
        {one.enrolment_id: tuple(one.there) for one in row.rows.all()} if row else {}
    )
    absent = set(
        Absence.objects.filter(session=session).values_list("enrolment_id", flat=True)
    )
    blocks = blocks_of(session)
    sheet = Sheet(
        session=session,
        version=row.version if row else 0,
        blocks=blocks,
        lines=tuple(
            Line(
                enrolment_id=seat.pk,
                name=seat.resident.person.group_name,
                seats=seat.seats,
                there=fitted(
                    noted.get(seat.pk, (seat.pk not in absent,) * blocks), blocks
                ),
                said_absent=seat.pk in absent,
            )
            for seat in seats
        ),
        visitors=row.visitors if row else None,
        saved=bool(noted) or (row is not None and row.visitors is not None),
        can_undo=row.can_undo if row else False,
    )
    if log:
        _log(
            actor, "attendance.read", "R", session,
            [one.resident.person_id for one in seats],
        )  # fmt: skip
    return sheet


def fitted(there: There, blocks: int) -> There:
    """The parts of a session that was made longer or shorter after it was noted."""
    return (there + there[-1:] * blocks)[:blocks]


def _log(
    actor: Actor, code: str, action: str, session: Session, subjects: Iterable[int]
) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=CARE,
        subjects=subjects,
        object_kind="session",
        object_id=session.pk,
    )


def _locked(session: Session) -> AttendanceSheet:
    AttendanceSheet.objects.get_or_create(session=session)
    return AttendanceSheet.objects.select_for_update().get(session=session)


@transaction.atomic
def save_sheet(
    *,
    actor: Actor,
    facilitator: Facilitator,
    session: Session,
    version: int,
    marks: Mapping[int, Sequence[bool]],
    visitors: int | None = None,
) -> Sheet:
    """Note who was there, by enrolment; who is not in `marks` stays as noted before.

    Marks of who no longer takes part are passed over. Sending the same twice changes
    nothing, so a phone that is not sure may send again.

    Raises
    ------
    SheetChanged
        When the sheet is not at `version` any more, and says something else.
    django.core.exceptions.ValidationError
        For a session that is cancelled or still to come, and for impossible numbers.
    """
    if session.state == SessionState.CANCELLED:
        raise ValidationError(_("This meeting is cancelled."))
    if timezone.now() < session.period.lower - EARLY:
        raise ValidationError(
            _("You can note this from one hour before the meeting begins.")
        )
    if visitors is not None and not 0 <= visitors <= MOST_VISITORS:
        raise ValidationError(_("Write a number from 0 to 1000."))
    row = _locked(session)
    now = read_sheet(actor=actor, session=session, log=False)
    blocks = now.blocks
    wanted = {
        one.enrolment_id: tuple(marks[one.enrolment_id])
        for one in now.lines
        if one.enrolment_id in marks
    }
    if any(len(there) != blocks for there in wanted.values()):
        raise ValidationError(_("The meeting was made longer or shorter. Look again."))
    if visitors is None and not wanted:
        raise ValidationError(_("There is nothing to note: nobody takes part."))
    same = now.saved and now.visitors == visitors
    if same and all(now.marks[key] == there for key, there in wanted.items()):
        return now
    if row.version != version:
        raise SheetChanged(now)
    former = {str(one.enrolment_id): list(one.there) for one in row.rows.order_by("pk")}
    for key, there in wanted.items():
        Attendance.objects.update_or_create(
            sheet=row, enrolment_id=key, defaults={"there": list(there)}
        )
    _written(row, facilitator, blocks, {"rows": former, "visitors": row.visitors})
    row.visitors = visitors
    row.can_undo = True
    save_checked(row)
    _log_write(actor, "attendance.save", session, wanted)
    return read_sheet(actor=actor, session=session, log=False)


def _written(
    row: AttendanceSheet, who: Facilitator, blocks: int, former: dict[str, object]
) -> None:
    row.version += 1
    row.blocks = blocks
    row.saved_at, row.saved_by = timezone.now(), who
    row.former = former


def _log_write(
    actor: Actor, code: str, session: Session, enrolment_ids: Iterable[int]
) -> None:
    persons = Enrolment.objects.filter(pk__in=list(enrolment_ids)).values_list(
        "resident__person", flat=True
    )
    _log(actor, code, "U", session, list(persons))


@transaction.atomic
def undo_sheet(*, actor: Actor, facilitator: Facilitator, session: Session) -> bool:
    """Take the last writing back; False when there is none to take back."""
    row = _locked(session)
    if not row.can_undo:
        return False
    before: dict[str, list[bool]] = row.former.get("rows", {})
    there = set(
        Enrolment.objects.filter(pk__in=list(before)).values_list("pk", flat=True)
    )
    touched = set(row.rows.values_list("enrolment_id", flat=True))
    row.rows.all().delete()
    Attendance.objects.bulk_create(
        Attendance(sheet=row, enrolment_id=int(key), there=marks)
        for key, marks in before.items()
        if int(key) in there
    )
    visitors = row.former.get("visitors")
    _written(row, facilitator, row.blocks, {})
    row.visitors, row.can_undo = visitors, False
    save_checked(row)
    _log_write(actor, "attendance.undo", session, touched | there)
    return True
