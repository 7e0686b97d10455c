"""What was asked of a run, in words: what might move, and what weighed otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.kinds import OfferingKind
from scheduling.enums import Importance, MayMove
from scheduling.wish_words import wish_words

if TYPE_CHECKING:
    from scheduling.models import PlanningRun


def asked_in_words(run: PlanningRun) -> list[str]:
    """One sentence for each thing that was asked otherwise than usual; no query."""
    told = [_may_move(run)] if run.may_move != MayMove.NOTHING else []
    for word in (Importance.MORE, Importance.LESS):
        tags = [
            str(wish_words(wish).tag)
            for wish, said in run.importance.items()
            if said == word
        ]
        if tags:
            label = str(word.label)
            told.append(f"{label[:1].upper()}{label[1:]}: {', '.join(tags)}.")
    return told


def _may_move(run: PlanningRun) -> str:
    if run.may_move == MayMove.EVERYTHING:
        return _("Everything that is published might move, as little as possible.")
    if run.may_move == MayMove.KINDS:
        labels = dict(OfferingKind.choices)
        names = [str(labels[key]) for key in run.may_move_of if key in labels]
        return _("Might move: %(names)s.") % {"names": ", ".join(names)}
    number = len(run.may_move_of)
    if run.may_move == MayMove.CENTRES:
        told = ngettext(
            "Groups in %(number)s centre might move.",
            "Groups in %(number)s centres might move.",
            number,
        )
    else:
        told = ngettext(
            "%(number)s group might move.", "%(number)s groups might move.", number
        )
    return told % {"number": number}
