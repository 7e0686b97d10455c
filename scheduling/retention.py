"""How long the facts of a planning run are kept: pseudonymous data about health, and
who was ill when a week had to be mended."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.actor import Actor
from people.services.retention import Counts, RetentionKind, Terms, add_kind
from scheduling.services.files import erase_files


def _files(actor: Actor, terms: Terms) -> Counts:
    found = erase_files(actor=actor, before=terms.cutoff, dry_run=False)
    return {"scheduling.PlanningRun": len(found)}


def add_kinds() -> None:
    """Called when the app starts."""
    add_kind(
        RetentionKind(
            key="run-files",
            title=_("Facts and plans of planning runs"),
            counts_from=_("the day on which the run was asked for"),
            why=_("Long enough to answer a complaint about a plan."),
            days=180,
            expire=_files,
            order=8,
        )
    )
