"""What a page showed of a draft, and whether it is still so when its form comes back.

Nobody throws away the work of a colleague unseen: a press that makes a draft go says
which draft it showed, at which version. Differs that, then nothing is done, and the
changes since are told.
"""

from __future__ import annotations

from django.db import transaction

from audit.actor import Actor
from scheduling.models import Repair, Schedule
from scheduling.services.drafts import drop_drafts
from scheduling.services.edits import StaleDraft, edits_since, locked_draft

MOST_DIGITS = 9


def version_in(text: str) -> int:
    """The version that a form was made at; -1, which none is, for what is no number."""
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return int(text)
    return -1


def mark_of(draft: Schedule | None) -> str:
    """Which draft a page shows, at which version, as one word; empty without one."""
    return "" if draft is None else f"{draft.pk}.{draft.version}"


def holds_work(draft: Schedule) -> bool:
    """Whether somebody's work goes with a draft: changes by hand, or a way out that was
    chosen to mend what is published. One query at most."""
    return bool(draft.version) or (
        Repair.objects.filter(run=draft.run_id, chosen__isnull=False).exists()
    )


def must_be_as_shown(*, draft: Schedule | None, shown: str | None) -> None:
    """Raise ``StaleDraft`` when this draft, locked by now, is not what was shown.

    ``shown`` as ``mark_of``; ``None`` stands for who looks at nothing, such as a
    command. Without a draft nothing can be lost.
    """
    if shown is None or draft is None or shown == mark_of(draft):
        return
    key, _dot, version = shown.partition(".")
    since = version_in(version) if key == str(draft.pk) else 0
    raise StaleDraft(draft, edits_since(schedule=draft, version=since))


@transaction.atomic
def drop_draft(*, actor: Actor, schedule: Schedule, version: int) -> None:
    """Throw a draft away as it was shown; the seats that it held are offered.

    Raises ``StaleDraft`` when it changed since, and ``ValidationError`` when it is no
    draft any more.
    """
    draft = locked_draft(schedule, version)
    drop_drafts(actor=actor, kind=draft.kind, first_date=draft.first_date)
