"""How long the access log is kept; people lies just above it and speaks for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.actor import Actor
from audit.record import erase_lines
from people.services.retention import Counts, RetentionKind, Terms, add_kind

LOG_DAYS = 1827
"""Five years, leap days included: NEN 7513, and the least the database allows."""


def _log(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    return {"audit.AuditEvent": erase_lines(before=terms.cutoff)}


def add_kinds() -> None:
    """Called when the app starts."""
    add_kind(
        RetentionKind(
            key="log",
            title=_("Access log"),
            counts_from=_("the day of the line"),
            why=_("NEN 7513 asks for five years; the database refuses it sooner."),
            days=LOG_DAYS,
            least=LOG_DAYS,
            expire=_log,
            order=95,
        )
    )
