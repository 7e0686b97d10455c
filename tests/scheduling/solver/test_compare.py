"""Two plans side by side: each number is counted by hand here."""

from __future__ import annotations

from scheduling.solver.compare import compare, figures
from scheduling.solver.problem import Format, Person, Published
from tests.builders import (
    NINE,
    SEVEN,
    TEN,
    facilitator,
    placed,
    plan,
    problem,
    registration,
    room,
    series,
)

GROUP = series("group", size_max=4)
TALK = series("talk", size_max=1, level=3)
ONLINE = series("online", format=Format.ONLINE)
FACTS = problem(
    series=(GROUP, TALK, ONLINE),
    rooms=(room("r"), room("q", "y")),
    facilitators=(facilitator("f"), facilitator("g")),
    persons=(Person("p", home_place_id="x"), Person("far", home_place_id="y")),
    registrations=(
        registration("a", "group", person_id="p", waiting_days=40),
        registration("b", "group", person_id="far", waiting_days=10),
        registration("c", "talk", person_id="p", waiting_days=70),
        registration("d", "online", person_id="far", waiting_days=30),
    ),
)
BEFORE = plan([placed(GROUP, NINE, "r", "f")], [("a", "group"), ("b", "group")])
AFTER = plan(
    [
        placed(GROUP, SEVEN, "r", "f"),
        placed(TALK, TEN, "q", "g"),
        placed(ONLINE, SEVEN, None, "f"),
    ],
    [("a", "group"), ("c", "talk"), ("d", "online")],
)


def test_who_is_helped_and_who_waits() -> None:
    found = figures(FACTS, BEFORE)
    assert (found.people, found.seats, found.waiting) == (2, 2, 2)
    assert (found.waited, found.beyond_norm) == (50, 2)
    assert (found.held, found.unheld) == (1, 2)
    assert figures(FACTS, AFTER).people == 2  # "a" and "c" are one person


def test_shares_of_groups_and_of_what_is_digital() -> None:
    found = figures(FACTS, AFTER)
    assert found.group == 1 - 1 / 3
    assert found.digital == 1 / 3
    assert found.one_to_one == {"c"}
    nothing = figures(FACTS, plan())
    assert (nothing.group, nothing.digital, nothing.waited) == (None, None, 35)


def test_travel_and_evenings() -> None:
    before, after = figures(FACTS, BEFORE), figures(FACTS, AFTER)
    assert (before.travel, after.travel) == (30, 30)
    assert before.evenings == {}
    assert after.evenings == {"f": 2}
    assert (before.most_evenings, after.most_evenings) == (0, 2)


def test_changes_against_what_was_published() -> None:
    told = Published((*BEFORE.placements, placed(TALK, NINE, "q")), BEFORE.allocations)
    facts = problem(
        **{
            name: getattr(FACTS, name)
            for name in ("series", "rooms", "facilitators", "persons", "registrations")
        },
        published=told,
    )
    before, after = figures(facts, BEFORE), figures(facts, AFTER)
    assert (before.lost, before.moved, before.seats_lost) == (1, 0, 0)
    assert (after.lost, after.moved, after.seats_lost) == (0, 2, 1)


def test_a_comparison_names_who_gains_and_who_loses() -> None:
    found = compare(FACTS, BEFORE, FACTS, AFTER)
    assert (found.gained, found.lost) == ({"c", "d"}, {"b"})
    assert (found.opened, found.closed, found.moved) == (
        {"talk", "online"},
        set(),
        {"group"},
    )
    assert not found.same
    assert found.differences()["waiting"] == (2, 1)
    assert "travel" not in found.differences()


def test_a_plan_beside_itself_is_the_same() -> None:
    found = compare(FACTS, AFTER, FACTS, AFTER)
    assert found.same
    assert found.differences() == {}
