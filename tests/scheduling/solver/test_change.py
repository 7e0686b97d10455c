"""Changes are pure: another problem, everything else as it was, and a file for each."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from scheduling.solver.change import (
    Change,
    FewerLeaders,
    FewerRooms,
    HalfDay,
    LeaderHours,
    LeaderMinutes,
    MoreSeats,
    NewLeader,
    NewRoom,
    OtherChoice,
    OtherWeights,
    Pace,
    Repeat,
    SmallerStart,
    Travel,
    Unpin,
    apply_all,
)
from scheduling.solver.change.file import (
    RECORDS,
    change_from_dict,
    change_to_dict,
    read_changes,
)
from scheduling.solver.faults import InvalidProblem
from scheduling.solver.horizon import WeeklyWindow
from scheduling.solver.problem import LoadLimits, Person, Pin
from scheduling.solver.snapshot import UnreadableFile
from scheduling.solver.validate import faults
from tests.builders import facilitator, problem, registration, room, series

FACTS = problem(
    series=(series("a", size_min=2, size_max=4, members=("m",), meetings_held=2),),
    rooms=(room("r"),),
    facilitators=(facilitator("f", load=LoadLimits(minutes_per_week=100)),),
    persons=(Person("p", travel_limit_minutes=20, sessions_per_week=1),),
    registrations=(registration("n", "a", person_id="p"), registration("k")),
    pins=(Pin("pin", "a", room_id="r"),),
)
EVERY: list[Change] = [
    NewRoom("x", 1, 70, 96, 12, frozenset({"ramp"})),
    NewLeader(frozenset({"guide"}), frozenset({"craft"}), 1, 70, 96),
    LeaderHours("f", 1, 70, 96),
    LeaderMinutes("f", 60),
    FewerLeaders(frozenset({"f"})),
    FewerRooms(frozenset({"r"})),
    Travel("p", 10),
    HalfDay("p", 2, 50, 70),
    Pace("p", 1, 1),
    OtherChoice("k", "a"),
    MoreSeats("a", 2),
    SmallerStart("a", 1),
    Repeat("a"),
    OtherWeights({"short-travel": 3}),
    Unpin("pin"),
]


@pytest.mark.parametrize("change", EVERY, ids=lambda one: one.kind)
class TestEveryKind:
    def test_gives_another_sound_problem_and_leaves_the_first(
        self, change: Change
    ) -> None:
        before = replace(FACTS)
        after = change.apply(FACTS)
        assert after != FACTS
        assert before == FACTS
        assert faults(after) == faults(FACTS)
        assert change.burden >= 1

    def test_is_the_same_after_a_file(self, change: Change) -> None:
        written = json.loads(json.dumps(change_to_dict(change)))
        assert change_from_dict(written) == change
        text = json.dumps(
            {"format": "gem-planner/changes", "version": 1, "changes": [written]}
        )
        assert read_changes(text) == (change,)


def test_what_it_says_is_alike_in_every_process() -> None:
    """What is in a set comes in another order each time, and would decide ties so."""
    told = NewLeader(frozenset("hgfedcba"), frozenset(), 1, 70, 96).said
    assert told.startswith("NewLeader(roles=['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], ")
    assert not any("frozenset" in one.said for one in EVERY)
    assert len({one.said for one in EVERY}) == len(EVERY)


def test_every_kind_is_tried_here() -> None:
    assert {one.kind for one in EVERY} == set(RECORDS)


class TestWhatChanges:
    def test_hours_are_added_and_leave_stays(self) -> None:
        lead = LeaderHours("f", 1, 70, 96).apply(FACTS).facilitator_by_id["f"]
        assert WeeklyWindow(1, 70, 96) in lead.availability.weekly

    def test_a_series_is_offered_again_to_who_chose_it(self) -> None:
        after = Repeat("a").apply(FACTS)
        again = after.series_by_id["a-again"]
        assert (again.members, again.meetings_held) == ((), 0)
        chosen = {
            one.id: [c.series_id for c in one.choices] for one in after.registrations
        }
        assert chosen == {"n": ["a", "a-again"], "k": []}

    def test_a_second_new_room_gets_a_name_of_its_own(self) -> None:
        after = apply_all(FACTS, [NewRoom("x", 1, 70, 96)] * 2)
        assert len({one.id for one in after.rooms}) == 3

    def test_who_has_no_limit_keeps_none(self) -> None:
        free = problem(persons=(Person("p"),))
        assert Travel("p", 10).apply(free) == free
        assert Pace("p").apply(free) == free

    @pytest.mark.parametrize(
        "change",
        [
            NewRoom("nowhere", 1, 0, 4),
            LeaderHours("nobody", 1, 0, 4),
            LeaderMinutes("nobody", 5),
            FewerLeaders(frozenset({"nobody"})),
            FewerRooms(frozenset({"nowhere"})),
            Travel("nobody", 5),
            HalfDay("nobody", 1, 0, 4),
            Pace("nobody"),
            OtherChoice("nobody", "a"),
            OtherChoice("k", "nothing"),
            MoreSeats("nothing"),
            SmallerStart("nothing"),
            Repeat("nothing"),
            Unpin("no-pin"),
        ],
        ids=repr,
    )
    def test_what_is_not_there_is_named(self, change: Change) -> None:
        with pytest.raises(InvalidProblem, match="no"):
            change.apply(FACTS)


class TestFile:
    def file(self, **extra: Any) -> str:
        good = {"format": "gem-planner/changes", "version": 1, "changes": []}
        return json.dumps({**good, **extra})

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("{", "not JSON"),
            ("[]", "format"),
            ('{"format": "gem-planner/plan", "version": 1}', "format"),
            ('{"format": "gem-planner/changes", "version": 2}', "version"),
            ('{"format": "gem-planner/changes", "version": true}', "version"),
        ],
    )
    def test_another_file_is_refused(self, text: str, told: str) -> None:
        with pytest.raises(UnreadableFile, match=told):
            read_changes(text)

    def test_no_changes_and_unknown_keys_are_refused(self) -> None:
        with pytest.raises(UnreadableFile, match="at least one"):
            read_changes(self.file())
        with pytest.raises(UnreadableFile, match="extra"):
            read_changes(self.file(extra=1))

    def test_every_fault_is_named_at_once(self) -> None:
        items = [
            {"kind": "new-moon"},
            {"kind": "travel", "person": "p", "minutes": 0},
            {"kind": "half-day", "person": "p", "weekday": "day", "from": "9"},
            {"kind": "leader-hours", "facilitator": "f", "weekday": "mon",
             "from": "12:00", "to": "09:00"},
            7,
        ]  # fmt: skip
        with pytest.raises(InvalidProblem) as caught:
            read_changes(self.file(changes=items))
        text = str(caught.value)
        for place in ("changes[0]", "changes[1].minutes", "changes[2].weekday",
                      "changes[2].from", "changes[3]", "changes[4]"):  # fmt: skip
            assert place in text
