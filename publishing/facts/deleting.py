"""Deleting what was made by mistake, refused while something stands on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audit.rows import standing_on
from publishing.facts.page import Act


def deletion(
    row: Any,
    *,
    parts: tuple[str, ...],
    instead: str,
    remove: Callable[[], object],
    said: str,
    section: str,
) -> Act:
    """The act that deletes a row and leads back to its list.

    ``parts`` go with the row; anything else that stands on it refuses the act, which
    then names that and what can be done ``instead``.
    """

    def do(_posted: Any) -> str:
        remove()
        return said

    return Act(
        key="delete",
        label=_("Delete it"),
        about=_("For what was made by mistake. There is no way back."),
        do=do,
        to=lambda: reverse(section),
        danger=True,
        refused=_in_the_way(row, parts, instead),
    )


def _in_the_way(row: Any, parts: tuple[str, ...], instead: str) -> str:
    """Why a row cannot be deleted, and what can be done; empty when it can."""
    found = standing_on(row, parts=parts)
    if not found:
        return ""
    what = ", ".join(f"{words} ({number})" for words, number in found)
    return (
        _("It cannot be deleted, because of what belongs to it: %(what)s.")
        % {"what": what}
        + f" {instead}"
    )
