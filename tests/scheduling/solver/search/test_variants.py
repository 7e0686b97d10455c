"""A mode told apart by rooms and starts: nothing that can be is lost."""

from __future__ import annotations

from random import Random

from scheduling.solver.horizon import quarters_in
from scheduling.solver.search.variants import Variant, variants


def found(rooms, leads, seats, barred=(), starts=0b1111) -> list[Variant]:
    """Variants where ``barred`` pairs a seat with a room it cannot be in; chairs are
    the digit in a room's name."""
    return variants(
        starts,
        rooms,
        leads,
        seats,
        lambda room: int(room[-1]),
        lambda seat, room: (seat, room) not in barred,
    )


class TestVariants:
    def test_rooms_and_starts_that_suit_the_same_people_are_one(self) -> None:
        (one,) = found({"r5": 0b1111, "s5": 0b11}, {"l": 0b1111}, {"a": 0b1111})
        assert one.starts == 0b1111
        assert one.rooms == {"r5": 0b1111, "s5": 0b11}

    def test_a_room_that_can_do_less_is_part_of_a_better_one(self) -> None:
        (one,) = found({"r5": 0b1111, "s3": 0b1111}, {"l": 0b1111}, {"a": 0b1111})
        assert one.rooms.keys() == {"r5", "s3"}
        assert one.chairs == 5

    def test_a_small_room_with_a_lift_and_a_large_one_without(self) -> None:
        two = found(
            {"lift3": 0b1111, "big9": 0b1111},
            {"l": 0b1111},
            {"a": 0b1111, "b": 0b1111},
            barred={("a", "big9")},
        )
        assert {tuple(one.rooms): set(one.seats) for one in two} == {
            ("big9",): {"b"},
            ("lift3",): {"a", "b"},
        }

    def test_leaders_at_different_hours(self) -> None:
        two = found({"r5": 0b1111}, {"l": 0b0011, "m": 0b1100}, {"a": 0b1111})
        assert sorted((one.starts, tuple(one.leads)) for one in two) == [
            (0b0011, ("l",)),
            (0b1100, ("m",)),
        ]

    def test_online_has_no_rooms(self) -> None:
        (one,) = found({}, {"l": 0b0110}, {"a": 0b0011}, starts=0b0010)
        assert (one.starts, one.rooms, one.seats) == (0b0010, {}, {"a": 0b0010})

    def test_every_room_and_start_is_in_a_variant_with_all_it_can_do(self) -> None:
        dice = Random(8)
        several = 0
        for _ in range(200):
            rooms, leads, seats = (
                {f"{kind}{one}": dice.randrange(1, 64) for one in range(3)}
                for kind in ("room", "lead", "seat")
            )
            barred = {
                (seat, room) for seat in seats for room in rooms if dice.random() < 0.3
            }
            made = found(rooms, leads, seats, barred, 63)
            several += len(made) > 1
            for room, mask in rooms.items():
                for start in quarters_in(mask):
                    able = {name for name, at in leads.items() if at >> start & 1}
                    people = {
                        name
                        for name, at in seats.items()
                        if at >> start & 1 and (name, room) not in barred
                    }
                    assert any(
                        one.starts >> start & 1
                        and one.rooms.get(room, 0) >> start & 1
                        and one.chairs >= int(room[-1])
                        and able <= one.leads.keys()
                        and people <= one.seats.keys()
                        for one in made
                    )
        assert several > 100
