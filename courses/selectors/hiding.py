"""No figure may point at a person: small numbers are not shown.

A number of people below `SMALLEST` is hidden, and so is a median or share made of so
few. Where one of several parts is hidden and their sum is shown, the next smallest
part is hidden too, because otherwise a subtraction would give it away (Statistics
Netherlands, "Handboek statistische beveiliging": primary and secondary suppression).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from django.utils.translation import gettext as _

SMALLEST = 5
Name = TypeVar("Name", bound=Hashable)


def is_small(people: int) -> bool:
    """Whether a number of people is too small to show; nobody is no secret."""
    return 0 < people < SMALLEST


def parts_to_hide(people: Mapping[Name, int]) -> set[Name]:
    """Which parts of a shown sum must stay hidden."""
    hidden = {name for name, number in people.items() if is_small(number)}
    left = {
        name: number for name, number in people.items() if number and name not in hidden
    }
    if hidden and left and sum(people[name] for name in hidden) < SMALLEST:
        hidden.add(min(left, key=lambda name: (left[name], str(name))))
    return hidden


def note_of() -> str:
    """What every page and export of figures says about them."""
    return _(
        "Numbers of fewer than %(smallest)s people are hidden, so that no figure "
        "points at a person."
    ) % {"smallest": SMALLEST}
