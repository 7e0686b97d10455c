"""Who of a group would go where, in words: to one other group or divided over more.

Person by person for who coordinates the group; for others who plan how many, because a
number of a request leads to a person, and why somebody cannot go is about that person.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from courses import words as offer_words
from scheduling.services.decisions import Comes, Merger
from scheduling.services.spreading import Spread


@dataclass(frozen=True, kw_only=True)
class Person:
    """One member beside another group, by number or (on a logged click) by name."""

    name: str
    goes: bool
    why: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MergeLine:
    """A group to merge with: when, where, how many could come, and who (``people`` is
    empty for who may only know how many)."""

    merger: Merger
    when: str
    place: str
    free: int
    people: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class SpreadLine:
    """The group divided over others: where and when, how many and who, and who waits
    again (``staying`` and the persons are empty for who may only know how many).

    ``goes``: what a form sends back, so that what is done is what was shown.
    """

    portions: tuple[tuple[str, str, int, tuple[Person, ...]], ...]
    going: int
    waiting: int
    staying: tuple[str, ...]
    goes: tuple[str, ...]

    @classmethod
    def of(
        cls, spread: Spread, names: dict[int, str], *, by_person: bool
    ) -> SpreadLine:
        return cls(
            portions=tuple(
                (
                    offer_words.usual_time(one.series),
                    offer_words.place(one.series),
                    len(one.people),
                    tuple(
                        Person(
                            name=name_of(person, names), goes=True, why=person.cautions
                        )
                        for person in one.people
                        if by_person
                    ),
                )
                for one in spread.portions
            ),
            going=spread.going,
            waiting=len(spread.staying),
            staying=tuple(name_of(one, names) for one in spread.staying if by_person),
            goes=tuple(f"{pk} {key}" for pk, key in spread.moves.items()),
        )


def moves_in(texts: Sequence[str]) -> dict[int, uuid.UUID]:
    """What ``SpreadLine.goes`` says; ``ValidationError`` for what is something else."""
    moves = {}
    for text in texts:
        number, _sign, key = text.partition(" ")
        try:
            moves[int(number)] = uuid.UUID(key)
        except ValueError as error:
            raise ValidationError(
                _("That group is not there any more. Choose another.")
            ) from error
    return moves


def merge_line(merger: Merger, names: dict[int, str], *, by_person: bool) -> MergeLine:
    """``names``: by person, of whom a name may be shown; ``by_person``: whether each
    person is told at all."""
    return MergeLine(
        merger=merger,
        when=offer_words.usual_time(merger.series),
        place=offer_words.place(merger.series),
        free=merger.free,
        people=tuple(_person(one, names) for one in merger.people if by_person),
    )


def _person(one: Comes, names: dict[int, str]) -> Person:
    why = list(one.objections)
    if not why and not one.seat:
        why = [_("There is no seat left in that group.")]
    return Person(
        name=name_of(one, names),
        goes=one.goes,
        why=(*why, *one.cautions),
    )


def name_of(one: Comes, names: dict[int, str]) -> str:
    """The number of the request, or the name where it is shown."""
    number = _("Request %(number)s") % {"number": one.seat_row.registration_id}
    return names.get(one.seat_row.resident.person_id, number)
