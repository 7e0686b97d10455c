"""Loading a region's file in the browser: proposed, looked at, and then loaded as seen.

The file is never written to a disk and never into a log. What it holds is kept in one
row until somebody decides, at most two hours; of a loaded file only numbers stay.

Whoever loads a file has its row until the end, and may take minutes. Nobody waits for
that row: who would erase it skips it while it is taken. Waiting would hold the row of
the work, by which the one who loads tells how far it is, and both would wait for good.
"""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from courses.imports.differences import (
    Difference,
    What,
    as_data,
    digest_of,
    from_data,
)
from courses.imports.faults import FaultyRegion, UnreadableRegion
from courses.imports.loading import Progress, load_region, rehearse_region
from courses.imports.reading import MOST_BYTES, read_files, too_large
from courses.imports.sheets import BY_NAME
from courses.imports.subjects import persons_shown
from courses.imports.table import Table
from courses.imports.template import blank_folder, blank_workbook
from courses.imports.under_way import Outcome
from courses.models import RegionImport

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from people.models import User

__all__ = [
    "KEPT",
    "MOST_BYTES",
    "BeingLoaded",
    "Difference",
    "FaultyRegion",
    "SheetPreview",
    "UnreadableRegion",
    "What",
    "blank_folder",
    "blank_workbook",
    "confirm",
    "drop",
    "forget_old",
    "hold_account",
    "loaded_before",
    "make_place",
    "packed",
    "previews_of",
    "proposal_of",
    "propose",
    "too_large",
    "unpacked",
]
KEPT = timedelta(hours=2)
"""How long a file waits for a decision."""


class BeingLoaded(Exception):
    """A file of the account is being loaded: nothing else can be done with it now."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "A file of yours is being loaded at this moment. Wait until that is "
                "over, or stop it. Then try again."
            )
        )


@dataclass(frozen=True, kw_only=True)
class SheetPreview:
    """One sheet: its sentences, how many rows of each kind, and those that differ."""

    name: str
    nl: str
    en: str
    counts: Mapping[str, int]
    differences: tuple[Difference, ...]

    @property
    def same(self) -> int:
        """Rows that are stored as the file has them."""
        return self.counts.get("same", 0)


def propose(
    *,
    actor: Actor,
    user: User,
    files: Mapping[str, bytes],
    progress: Progress | None = None,
) -> RegionImport:
    """Read and rehearse a region's files; what they would change waits for a decision.

    A file of the same account that still waited makes place for it. `progress` is
    called before each sheet, with how many were gone through and how many there are.

    Raises
    ------
    UnreadableRegion, FaultyRegion
        When it cannot be loaded; nothing of it is kept.
    BeingLoaded
        When another file of this account is being loaded; nothing of this is kept.
    """
    forget_old()
    tables = read_files(files)
    outcome = rehearse_region(tables=tables, actor=actor, progress=progress)
    proposal = RegionImport(
        made_by=user,
        expires_at=timezone.now() + KEPT,
        tables=packed([[t.name, t.header, t.rows] for t in tables]),
    )
    _keep(proposal, outcome)
    with transaction.atomic():
        hold_account(user)  # of two presses the last one stays
        make_place(user=user)
        proposal.save(force_insert=True)
    return proposal


def hold_account(user: User) -> None:
    """Let the presses of one person go one by one, until the transaction ends."""
    accounts = user._meta.model._default_manager
    accounts.select_for_update(no_key=True).get(pk=user.pk)


def make_place(*, user: User) -> None:
    """Erase what waits of an account that is held.

    Raises
    ------
    BeingLoaded
        When it is being loaded.
    """
    waiting = RegionImport.objects.filter(made_by=user, loaded_at=None)
    _erase(waiting)
    if waiting.exists():
        raise BeingLoaded


@transaction.atomic
def _erase(found: QuerySet[RegionImport]) -> int:
    """Erase files except those that somebody loads at this moment; how many."""
    free = found.select_for_update(skip_locked=True).order_by("pk")
    return len([one.delete() for one in free.defer("tables", "preview")])


def proposal_of(*, user: User, import_id: uuid.UUID) -> RegionImport | None:
    """A file of this account that still waits; None when its time is over."""
    return RegionImport.objects.filter(
        pk=import_id, made_by=user, loaded_at=None, expires_at__gt=timezone.now()
    ).first()


def previews_of(*, actor: Actor, proposal: RegionImport) -> list[SheetPreview]:
    """What would change, by sheet in the order of loading.

    Looking is logged, with everybody of whom something that is stored is told.
    """
    told = {
        name: tuple(from_data(lines))
        for name, lines in unpacked(proposal.preview).items()
    }
    record_event(
        actor=actor,
        code="import.preview",
        action="R",
        purpose=ADMINISTRATION,
        subjects=persons_shown(told),
        object_kind="region",
        object_id=proposal.pk,
    )
    return [
        SheetPreview(
            name=name,
            nl=BY_NAME[name].nl,
            en=BY_NAME[name].en,
            counts=proposal.counts.get(name, {}),
            differences=differences,
        )
        for name, differences in told.items()
    ]


def confirm(
    *,
    actor: Actor,
    user: User,
    import_id: uuid.UUID,
    digest: str,
    progress: Progress | None = None,
) -> RegionImport | None:
    """Load a file exactly as its preview with this digest said, in one transaction.

    When rows have changed so that it would do something else, nothing is loaded and the
    newer preview is kept: then the answer has no `loaded_at`. None when no such file
    waits (any more).

    Raises
    ------
    FaultyRegion
        When it cannot be loaded any more; the file is thrown away.
    """
    faulty: FaultyRegion | None = None
    with transaction.atomic():
        # No stronger lock: who stops this and asks again points to the row meanwhile.
        waiting = RegionImport.objects.select_for_update(no_key=True).filter(
            pk=import_id, made_by=user, loaded_at=None, expires_at__gt=timezone.now()
        )
        proposal = waiting.first()
        if proposal is None or proposal.digest != digest:
            return proposal
        tables = [Table(*one) for one in _tables(proposal)]
        try:
            outcome = _load_as_seen(tables, actor, digest, progress)
            if outcome is None:
                _keep(proposal, rehearse_region(tables=tables, actor=actor))
            else:
                _keep(proposal, outcome)
                proposal.tables, proposal.preview = None, None
                proposal.loaded_at = timezone.now()
                _log(actor, "import.load", "U", proposal)
            proposal.save()
        except FaultyRegion as refused:
            proposal.delete()
            faulty = refused
    if faulty is not None:
        raise faulty
    return proposal


def _load_as_seen(
    tables: list[Table], actor: Actor, digest: str, progress: Progress | None
) -> Outcome | None:
    """Load, unless it does something else than was seen; then nothing is done."""
    with transaction.atomic():
        outcome = load_region(
            tables=tables, actor=actor, compared=True, progress=progress
        )
        if digest_of(as_data(outcome.differences)) == digest:
            return outcome
        transaction.set_rollback(True)
    return None


@transaction.atomic
def drop(*, actor: Actor, user: User, import_id: uuid.UUID) -> bool:
    """Throw a waiting file away; False if there was none.

    Raises
    ------
    BeingLoaded
        When it is being loaded.
    """
    hold_account(user)
    found = RegionImport.objects.filter(pk=import_id, made_by=user, loaded_at=None)
    proposal = found.select_for_update(skip_locked=True).first()
    if proposal is None:
        if found.exists():
            raise BeingLoaded
        return False
    _log(actor, "import.drop", "D", proposal)
    proposal.delete()
    return True


def forget_old(*, now: datetime | None = None) -> int:
    """Erase files whose time is over; how many. What is being loaded is let be."""
    return _erase(
        RegionImport.objects.filter(
            loaded_at=None, expires_at__lte=now or timezone.now()
        )
    )


def loaded_before(*, limit: int = 10) -> list[RegionImport]:
    """The files loaded last, with who loaded them; numbers only, no person."""
    done = RegionImport.objects.filter(loaded_at__isnull=False)
    return list(
        done.select_related("made_by")
        .defer("tables", "preview")
        .order_by("-loaded_at")[:limit]
    )


def _keep(proposal: RegionImport, outcome: Outcome) -> None:
    data = as_data(outcome.differences)
    proposal.preview = packed(data)
    proposal.digest = digest_of(data)
    proposal.counts = {
        name: {
            "added": count.added,
            "changed": count.changed,
            "removed": _number(outcome.differences.get(name, ()), What.REMOVED),
            "kept": (kept := _number(outcome.differences.get(name, ()), What.KEPT)),
            "same": count.same - kept,
        }
        for name, count in outcome.counts.items()
    }


def _number(differences: Iterable[Difference], what: What) -> int:
    return sum(one.what == what for one in differences)


def _tables(proposal: RegionImport) -> Iterable[tuple[Any, ...]]:
    for name, header, rows in unpacked(proposal.tables):
        yield name, tuple(header), tuple((number, cells) for number, cells in rows)


def packed(data: Any) -> bytes:
    """What a row keeps of a file: JSON, compressed."""
    return gzip.compress(json.dumps(data, ensure_ascii=False).encode(), 5)


def unpacked(data: bytes | memoryview | None) -> Any:
    """What `packed` made small; `ValueError` when it is not kept any more."""
    if data is None:
        raise ValueError("nothing is kept of this import any more")
    return json.loads(gzip.decompress(bytes(data)))


def _log(actor: Actor, code: str, action: str, proposal: RegionImport) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=ADMINISTRATION,
        object_kind="region",
        object_id=proposal.pk,
    )
