"""A large file of a region, checked and loaded by a worker.

A small file is checked while its sender waits. A large one takes longer than a page
may: what was sent is kept in one row, a worker goes through it, and a page tells how
far it is. The work itself is that of ``proposals``, in one transaction: all of it is
loaded, or nothing.

Whoever works on a file holds a lock of its own connection. A worker that dies loses the
lock and its transaction, and the file is asked for again. Who throws the file away
takes the row away: whatever was done with it by then is taken back.
"""

from __future__ import annotations

import base64
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from psycopg.errors import LockNotAvailable

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from courses.imports.faults import Fault, FaultyRegion, UnreadableRegion
from courses.models import ImportAct, ImportState, ImportWork, RegionImport
from courses.models.importing import UNFINISHED
from courses.services import proposals
from courses.services.proposals import BeingLoaded
from people.enums import Role

if TYPE_CHECKING:
    from people.models import User

logger = logging.getLogger(__name__)

AT_ONCE_BYTES = 100_000
"""What is sent weighs at most so much to be checked while its sender waits."""
PACKED = 4
"""A workbook or a zip holds about so many times more than it weighs."""
AT_ONCE_ROWS = 1_500
MOST_ATTEMPTS = 3
SILENT = timedelta(seconds=15)
MOST_WAIT = "2s"
"""A worker waits so long to tell how far it is; then it goes on without."""
TASK = "courses.work_on_import"
LOCKS = 5150_0003
"""Key of the locks of those who work on a file; the second key is of the file."""

IMPORTERS = (Role.COORDINATOR, Role.FUNCTIONAL_ADMINISTRATOR)
"""Who holds one of these roles for the whole region may load its files."""

Tell = Callable[[int, int], None]


class Dropped(Exception):
    """The file was thrown away while a worker went through it."""


def is_large(files: Mapping[str, bytes]) -> bool:
    """Whether files take too long to check while somebody waits."""
    weights = (
        len(data) * (1 if name.lower().endswith(".csv") else PACKED)
        for name, data in files.items()
    )
    return sum(weights) > AT_ONCE_BYTES


def has_many_rows(proposal: RegionImport) -> bool:
    """Whether a file that was checked takes too long to load while somebody waits."""
    return sum(sum(one.values()) for one in proposal.counts.values()) > AT_ONCE_ROWS


@transaction.atomic
def ask_to_check(*, user: User, files: Mapping[str, bytes]) -> ImportWork:
    """Ask a worker to check files; earlier ones of this account make place.

    Raises
    ------
    courses.services.proposals.BeingLoaded
        When a file of the account is being loaded, or will be.
    """
    _none_is_loaded(user)
    proposals.make_place(user=user)
    sent = [[name, base64.b64encode(data).decode()] for name, data in files.items()]
    return _asked(user, act=ImportAct.CHECK, files=proposals.packed(sent))


def check_now(*, actor: Actor, user: User, files: Mapping[str, bytes]) -> RegionImport:
    """Check files while their sender waits; earlier ones of this account make place.

    Raises
    ------
    courses.services.proposals.UnreadableRegion, FaultyRegion
        When they cannot be loaded.
    courses.services.proposals.BeingLoaded
        When a file of the account is being loaded, or will be.
    """
    with transaction.atomic():
        # At its end an earlier file would otherwise push this one out.
        there = _none_is_loaded(user)
        there.filter(act=ImportAct.CHECK, state__in=UNFINISHED).delete()
    return proposals.propose(actor=actor, user=user, files=files)


@transaction.atomic
def ask_to_load(*, user: User, proposal: RegionImport, digest: str) -> ImportWork:
    """Ask a worker to load a file as its preview with this digest said, once."""
    there = _locked(user).filter(
        act=ImportAct.LOAD, state__in=UNFINISHED, proposal=proposal
    )
    return there.first() or _asked(
        user, act=ImportAct.LOAD, proposal=proposal, digest=digest
    )


def _locked(user: User) -> Any:
    """The work of this account; its presses go one by one until the end."""
    proposals.hold_account(user)
    return ImportWork.objects.filter(made_by=user)


def _none_is_loaded(user: User) -> Any:
    """The work of this account, as above, if none of it loads a file."""
    forget_work()  # what is over holds nobody up
    there = _locked(user)
    if there.filter(act=ImportAct.LOAD, state__in=UNFINISHED).exists():
        raise BeingLoaded
    return there


def _asked(user: User, **fields: Any) -> ImportWork:
    ImportWork.objects.filter(made_by=user).delete()
    work = ImportWork.objects.create(
        made_by=user,
        expires_at=timezone.now() + proposals.KEPT,
        language=(translation.get_language() or "nl")[:5],
        **fields,
    )
    hand_over(work.pk)
    return work


def hand_over(work_id: uuid.UUID) -> None:
    """Ask for a worker; call it in a transaction."""
    job = app.configure_task(TASK, queue="planning", queueing_lock=f"import-{work_id}")
    job.defer(work_id=str(work_id))


def work_of(*, user: User, work_id: uuid.UUID) -> ImportWork | None:
    """The work of this account, without the file; None when it is over."""
    return (
        ImportWork.objects.defer("files")
        .select_related("proposal")
        .defer("proposal__tables", "proposal__preview")
        .filter(pk=work_id, made_by=user, expires_at__gt=timezone.now())
        .first()
    )


def at_work_for(*, user: Any) -> ImportWork | None:
    """The file of this account that a worker goes through now, or will; one query."""
    there = ImportWork.objects.defer("files", "refusal").filter(
        made_by=user, state__in=UNFINISHED, expires_at__gt=timezone.now()
    )
    return there.first()


def refusal_of(work: ImportWork) -> UnreadableRegion | FaultyRegion:
    """What was not right, as checking says it, or why it was not begun."""
    told = proposals.unpacked(work.refusal)
    if isinstance(told, str):
        return UnreadableRegion(told)
    return FaultyRegion(Fault(*one) for one in told)


@transaction.atomic
def stop(*, actor: Actor, user: User, work_id: uuid.UUID) -> bool:
    """Stop the work on a file, as if it had never begun; False when it is over.

    What waits to be loaded still waits. That it was stopped is logged.
    """
    # Who ends the work has the row until that is written: then it is over.
    there = ImportWork.objects.select_for_update().filter(
        pk=work_id, made_by=user, state__in=UNFINISHED
    )
    work = there.first()
    if work is None:
        return False
    record_event(
        actor=actor,
        code="import.stop",
        action="D",
        purpose=ADMINISTRATION,
        object_kind="region",
        object_id=work.proposal_id or work.pk,
    )
    work.delete()
    return True


# --- For a worker ---------------------------------------------------------------------


def work_on(*, work_id: uuid.UUID) -> None:
    """Check or load a file, unless another worker does, or it is gone."""
    with _alone(work_id) as alone:
        if not alone:
            return
        waiting = ImportWork.objects.filter(pk=work_id, state__in=UNFINISHED)
        waiting.update(state=ImportState.WORKING, attempts=F("attempts") + 1)
        work = waiting.select_related("made_by", "proposal").first()
        if work is None:
            return
        if work.attempts > MOST_ATTEMPTS:
            _end(work, state=ImportState.FAILED)
            return
        try:
            with transaction.atomic(), translation.override(work.language):
                if not _end(work, **_worked(work)):
                    raise Dropped
        except Dropped:
            return
        except Exception:
            logger.exception("import %s failed", work_id)
            _end(work, state=ImportState.FAILED)
            raise


def _worked(work: ImportWork) -> dict[str, Any]:
    """What the row says when the work is over."""
    if not _may_import(work.made_by):
        return {
            "state": ImportState.FAILED,
            "refusal": proposals.packed(
                _(
                    "Your account may not load a file for the whole region any more. "
                    "Ask a coordinator of the whole region to load it."
                )
            ),
        }
    actor = Actor.of(work.made_by)
    with _telling(work) as tell:
        try:
            if work.act == ImportAct.CHECK:
                proposal: RegionImport | None = proposals.propose(
                    actor=actor, user=work.made_by, files=_sent(work), progress=tell
                )
            else:
                proposal = work.proposal and proposals.confirm(
                    actor=actor,
                    user=work.made_by,
                    import_id=work.proposal.pk,
                    digest=work.digest,
                    progress=tell,
                )
        except (UnreadableRegion, BeingLoaded) as refused:
            return _refused(str(refused))
        except FaultyRegion as refused:
            return _refused([astuple(one) for one in refused.faults])
    return {"state": ImportState.DONE, "proposal": proposal}


def _may_import(user: User) -> bool:
    """Whether an account still may what it was allowed when it asked."""
    return user.is_active and user.organisations_for(*IMPORTERS) is None


def _refused(told: object) -> dict[str, Any]:
    refusal = proposals.packed(told)
    return {"state": ImportState.REFUSED, "refusal": refusal, "proposal": None}


def _sent(work: ImportWork) -> dict[str, bytes]:
    found = proposals.unpacked(work.files)
    return {name: base64.b64decode(data) for name, data in found}


def _end(work: ImportWork, **fields: Any) -> bool:
    """Write how it ended, and keep the file no longer; False when it was dropped."""
    there = ImportWork.objects.filter(pk=work.pk)
    return bool(there.update(files=None, **fields))


@contextmanager
def _alone(work_id: uuid.UUID) -> Iterator[bool]:
    """Whether nobody else works on a file; until the end nobody else will."""
    keys = [LOCKS, work_id.int & 0x7FFF_FFFF]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", keys)
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", keys)


@contextmanager
def _telling(work: ImportWork) -> Iterator[Tell]:
    """Tell how far it is, over a connection of its own: what is written in the
    transaction of the work is seen by nobody before its end."""
    beside = connection.copy()
    with beside.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [MOST_WAIT])

    def tell(done: int, of: int) -> None:
        if not ImportWork.objects.filter(pk=work.pk).exists():
            raise Dropped
        try:
            with beside.cursor() as cursor:
                cursor.execute(
                    'UPDATE courses_importwork SET done = %s, "of" = %s WHERE id = %s',
                    [done, of, work.pk],
                )
        except OperationalError as fault:
            if not isinstance(fault.__cause__, LockNotAvailable):
                raise
            # Whoever has the row may wait for this very work, which then never ends.
            logger.warning("import %s could not tell how far it is", work.pk)

    try:
        yield tell
    finally:
        beside.close()


def silent_work() -> list[uuid.UUID]:
    """Files that wait longer than a worker takes to begin, and nobody works on."""
    late = ImportWork.objects.filter(
        state__in=UNFINISHED, asked_at__lt=timezone.now() - SILENT
    )
    found = []
    for key in late.values_list("pk", flat=True):
        with _alone(key) as alone:
            found += [key] * alone
    return found


def forget_work() -> int:
    """Erase work whose time is over; how many."""
    return ImportWork.objects.filter(expires_at__lte=timezone.now()).delete()[0]
