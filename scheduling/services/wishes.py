"""What the region's words for its wishes come to: weights, and a preview of them.

A coordinator says of a wish that it is less important, usual or more important; the
settings say what factor each word stands for. Only wishes of one tier are weighed
against each other: a tier below never takes anything from a tier above. The wishes of
the first tier are who gets a seat at all; what they weigh is fixed, so that a late seat
is always better than none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from scheduling.models import Importance, WishImportance
from scheduling.solver.objectives import OBJECTIVES
from scheduling.solver.rule import Objective

if TYPE_CHECKING:
    from people.models import User

FACTORS: dict[str, int] = {"less": 1, "usual": 2, "more": 4}
"""What the words stand for, in whole numbers; ``WISH_FACTORS`` sets others."""

FIRST_WEIGHED = 2
WEIGHED: tuple[Objective, ...] = tuple(
    wish for wish in OBJECTIVES if wish.tier >= FIRST_WEIGHED
)


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """One wish of a plan as it is, weighed as usual and as was asked.

    ``cost`` is unweighted; ``now`` and ``then`` are its share of all that its tier
    costs (fractions, ``None`` when the tier costs nothing), ``then`` with the
    importance that was asked. ``dominates``: the largest share of its tier then.
    """

    wish: str
    tier: int
    importance: str
    cost: int
    now: float | None
    then: float | None
    dominates: bool


def region_importance() -> dict[str, str]:
    """What the region finds less or more important, by wish; one query."""
    known = {wish.id for wish in WEIGHED}
    rows = WishImportance.objects.exclude(importance=Importance.USUAL)
    found = dict(rows.values_list("wish", "importance"))
    return {wish: word for wish, word in found.items() if wish in known}


@transaction.atomic
def keep_region_importance(
    *, actor: Actor, user: User | None, importance: Mapping[str, str]
) -> None:
    """Make this what the region finds important from now on; raises as ``checked``."""
    found = checked(importance)
    WishImportance.objects.exclude(wish__in=found).delete()
    for wish, word in found.items():
        WishImportance.objects.update_or_create(
            wish=wish,
            defaults={
                "importance": word,
                "changed_by": user,
                "changed_at": timezone.now(),
            },
        )
    record_event(
        actor=actor,
        code="wish.weigh",
        action="U",
        purpose=PLANNING,
        object_kind="wish",
        object_id="region",
    )


def checked(importance: Mapping[str, str]) -> dict[str, str]:
    """What is not usual, by wish; ``ValidationError`` for a wish or word unknown."""
    known = {wish.id for wish in WEIGHED}
    for wish, word in importance.items():
        if wish not in known or word not in Importance.values:
            raise ValidationError(
                _("%(wish)s cannot be weighed as %(word)s.")
                % {"wish": wish, "word": word}
            )
    return {wish: word for wish, word in importance.items() if word != Importance.USUAL}


def weights_of(importance: Mapping[str, str]) -> dict[str, int]:
    """The weights that the planner gets: of each tier in which a word was said.

    Of such a tier every wish is named, so that the weights of a tier stand in one
    measure. Nothing where all is usual. Raises as ``checked``.
    """
    said = checked(importance)
    tiers = {wish.tier for wish in WEIGHED if wish.id in said}
    factors = {**FACTORS, **getattr(settings, "WISH_FACTORS", {})}
    return {
        wish.id: wish.default_weight * factors[said.get(wish.id, Importance.USUAL)]
        for wish in WEIGHED
        if wish.tier in tiers
    }


def weighed(costs: Mapping[str, int], importance: Mapping[str, str]) -> list[Weighed]:
    """A plan's costs weighed otherwise, in the order of the tiers; nothing is solved.

    ``costs``: the plan's unweighted costs by wish. Raises as ``checked``.
    """
    said, weights = checked(importance), weights_of(importance)
    now = _shares(costs, {})
    then = _shares(costs, weights)
    most: dict[int, float] = {}
    for wish in WEIGHED:
        most[wish.tier] = max(most.get(wish.tier, 0.0), then[wish.id] or 0.0)
    return [
        Weighed(
            wish=wish.id,
            tier=wish.tier,
            importance=said.get(wish.id, Importance.USUAL),
            cost=costs.get(wish.id, 0),
            now=now[wish.id],
            then=then[wish.id],
            dominates=bool(then[wish.id]) and then[wish.id] == most[wish.tier],
        )
        for wish in WEIGHED
    ]


def _shares(
    costs: Mapping[str, int], weights: Mapping[str, int]
) -> dict[str, float | None]:
    parts = {
        wish.id: weights.get(wish.id, wish.default_weight) * costs.get(wish.id, 0)
        for wish in WEIGHED
    }
    total: dict[int, int] = {}
    for wish in WEIGHED:
        total[wish.tier] = total.get(wish.tier, 0) + parts[wish.id]
    return {
        wish.id: parts[wish.id] / total[wish.tier] if total[wish.tier] else None
        for wish in WEIGHED
    }
