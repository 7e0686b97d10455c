"""Dividing a group over others: nobody loses a seat that another way would give."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from scheduling.services.decisions import Comes, Merger
from scheduling.services.spreading import Spread, spread_of


def merger(key: str, free: int, **people: str) -> Any:
    """A group with free seats; each person by number: "", "no" or "hint"."""
    return Merger(
        series=SimpleNamespace(pk=key),  # type: ignore[arg-type]
        free=free,
        people=tuple(
            Comes(
                seat_row=SimpleNamespace(pk=int(name[1:]), seats=1),  # type: ignore[arg-type]
                objections=("no",) if what == "no" else (),
                cautions=("hint",) if what == "hint" else (),
            )
            for name, what in people.items()
        ),
    )


def spread(*mergers: Any) -> Spread:
    found = spread_of(mergers)
    assert found is not None
    return found


def waits(found: Spread) -> list[int]:
    return [one.seat_row.pk for one in found.staying]


def test_free_seats_of_several_groups_are_used_together() -> None:
    found = spread(
        merger("a", 1, p1="", p2="", p3=""), merger("b", 1, p1="", p2="", p3="")
    )
    assert found.moves == {1: "a", 2: "b"}
    assert (found.going, waits(found)) == (2, [3])


def test_who_can_go_elsewhere_makes_room_for_who_cannot() -> None:
    found = spread(merger("a", 1, p1="", p2=""), merger("b", 1, p1="", p2="no"))
    assert found.moves == {1: "b", 2: "a"}


def test_room_is_made_over_several_groups() -> None:
    found = spread(
        merger("a", 1, p1="", p2="", p3=""),
        merger("b", 1, p1="", p2="", p3="no"),
        merger("c", 1, p1="", p2="no", p3="no"),
    )
    assert set(found.moves) == {1, 2, 3}
    assert set(found.moves.values()) == {"a", "b", "c"}


def test_first_in_turn_keeps_the_seat_when_there_are_too_few() -> None:
    found = spread(
        merger("a", 1, p1="", p2="", p3=""), merger("b", 1, p1="no", p2="no", p3="")
    )
    assert found.moves == {1: "a", 3: "b"}
    assert waits(found) == [2]


def test_a_group_without_a_caution_is_chosen_first() -> None:
    found = spread(merger("a", 9, p1="hint", p2=""), merger("b", 9, p1="", p2="hint"))
    assert found.moves == {1: "b", 2: "a"}
    assert not any(one.cautions for part in found.portions for one in part.people)


def test_two_seats_are_two_seats() -> None:
    one, other = merger("a", 1, p1="", p2=""), merger("b", 2, p1="", p2="")
    one.people[0].seat_row.seats = other.people[0].seat_row.seats = 2
    assert spread(one, other).moves == {1: "b", 2: "a"}


def test_two_people_make_room_for_one_who_needs_two_seats() -> None:
    one = merger("a", 2, p1="", p2="", p3="")
    other = merger("b", 2, p1="", p2="", p3="no")
    for each in (one, other):
        each.people[2].seat_row.seats = 2
    assert spread(one, other).moves == {1: "b", 2: "b", 3: "a"}


def test_nobody_moves_where_too_little_room_is_made() -> None:
    one = merger("a", 2, p1="", p2="", p3="")
    other = merger("b", 1, p1="", p2="", p3="no")
    third = merger("c", 1, p1="no", p2="no", p3="no", p4="")
    one.people[2].seat_row.seats = other.people[2].seat_row.seats = 2
    found = spread(one, other, third)
    assert found.moves == {1: "a", 2: "a", 4: "c"}
    assert waits(found) == [3]


def test_one_group_that_takes_all_is_a_merger() -> None:
    assert (
        spread_of([merger("a", 2, p1="", p2=""), merger("b", 2, p1="", p2="")]) is None
    )
    assert spread_of([]) is None
