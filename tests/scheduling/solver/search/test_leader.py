"""Whoever leads keeps the best sound plan, whatever the searchers say."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.objectives import OBJECTIVES
from scheduling.solver.plan import Allocation
from scheduling.solver.search.incumbent import Change, Incumbent, costs_of
from scheduling.solver.search.leader import BrokenPlan, Leader
from scheduling.solver.search.line import (
    LAST_WAIT,
    Line,
    Message,
    ProcessHelper,
    ThreadHelper,
)
from scheduling.solver.search.watcher import Watcher
from tests.builders import NINE, TEN, placed, problem, registration, room, series

FACTS = problem(
    series=(series("a"), series("b")),
    rooms=(room("r"),),
    registrations=(registration("one", "a", urgency=5), registration("two", "b")),
)
A, B = FACTS.series


def change(item, quarter: int, name: str) -> Change:
    """The series placed anew with one seat."""
    return Change(
        frozenset({item.id}),
        frozenset({name}),
        (placed(item, quarter, "r"),),
        (Allocation(name, item.id),),
    )


def leader(*, strict: bool = False) -> Leader:
    """A leader with the empty plan."""
    made = Leader(FACTS, CONSTRAINTS, OBJECTIVES, Watcher(FACTS, 60), strict=strict)
    assert made.offer(Incumbent())
    return made


@dataclass
class Silent:
    """A searcher's end that only remembers what it was told."""

    told: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.told.append(message)

    def close(self) -> None:
        self.told.append(("closed",))


def costs_after(*changes: Change) -> tuple[int, ...]:
    one = Incumbent()
    for item in changes:
        one = one.with_change(item)
    return costs_of(FACTS, one.plan(FACTS), OBJECTIVES)


class TestChanges:
    def test_two_searchers_changes_are_put_together(self) -> None:
        made = leader()
        made.helpers = {0: Silent(), 1: Silent()}
        made.inbox.put((0, "change", change(A, NINE, "one"), (0,)))
        made.inbox.put((1, "change", change(B, TEN, "two"), (0,)))
        for _ in range(2):
            number, *message = made.inbox.get()
            assert made._hear(number, message)
        best = made.watcher.incumbent
        assert best is not None
        assert best.seats == {"one": "a", "two": "b"}
        made.share()
        made.share()  # nothing new: nothing more is told
        assert all(helper.told == [("plan", best)] for helper in made.helpers.values())

    def test_a_large_plan_is_not_shared_after_every_change(self, monkeypatch) -> None:
        monkeypatch.setattr("scheduling.solver.search.leader.MANY", 1)
        made = leader()
        made.helpers = {0: Silent()}
        assert made._hear(0, ("change", change(A, NINE, "one"), (0,)))
        made.share()
        assert made._hear(0, ("change", change(B, TEN, "two"), (0,)))
        made.share()
        assert len(made.helpers[0].told) == 1
        monkeypatch.setattr(made, "_share_next", 0.0)
        made.share()
        assert made.helpers[0].told[-1] == ("plan", made.watcher.incumbent)

    def test_of_two_that_clash_the_better_plan_stays(self) -> None:
        made = leader()
        made.helpers = {0: Silent(), 1: Silent()}
        worse, better = change(B, NINE, "two"), change(A, NINE, "one")
        assert made._hear(0, ("change", worse, costs_after(worse)))
        assert not made._hear(1, ("change", better, costs_after(better)))
        assert made.helpers[1].told[-1] == ("resend",)
        whole = Incumbent().with_change(better)
        assert made._hear(1, ("whole", whole))
        assert made.watcher.incumbent is whole
        # The other way round the searcher gets the leader's plan.
        assert not made._hear(0, ("change", worse, costs_after(worse)))
        assert made.helpers[0].told[-1] == ("plan", whole)

    def test_a_broken_plan_is_dropped_and_logged_without_names(self, caplog) -> None:
        made = leader()
        broken = Incumbent({"a": placed(A, NINE, None)}, {"one": "a"})
        with caplog.at_level(logging.ERROR):
            assert not made.offer(broken)
        assert made.watcher.incumbent is not broken
        assert "dropped a plan that breaks" in caplog.text
        assert "one" not in caplog.text.split("breaks")[1].split()

    def test_a_broken_plan_is_loud_where_asked(self) -> None:
        with pytest.raises(BrokenPlan):
            leader(strict=True).offer(Incumbent({"a": placed(A, NINE, None)}))

    def test_the_last_judged_plan_comes_back(self) -> None:
        made = leader()
        good = made.watcher.incumbent
        made.watcher.incumbent = Incumbent({"a": placed(A, NINE, None)}, costs=(0,))
        made.judge_whole(at_once=True)
        assert made.watcher.incumbent is good


class TestBounds:
    def test_a_bound_of_a_later_tier_holds_for_its_costs_only(self) -> None:
        made = leader()
        made._hear(0, ("tier", 2, 7.0, (5,)))
        made._hear(0, ("tier", 2, 6.0, (5,)))
        assert made.proof.bounds_given((5, 9)) == {2: 7.0}
        assert made.proof.bounds_given((4, 9)) == {}

    def test_only_the_lowest_bound_of_the_first_tier_is_kept(self) -> None:
        made = leader()
        for bound in (300.0, 250.0, 280.0):
            made._hear(0, ("bound", bound))
        assert made.watcher.bound == 250.0


def failing(line: Line) -> None:
    raise ValueError("a fault of ours")


def patient(line: Line) -> None:
    line.stopped.wait(60)


class TestSearchers:
    def run(self, work: Callable[[Line], None], seconds: float) -> Leader:
        made = leader(strict=work is failing)
        made.watcher.seconds = made.watcher.spent + seconds
        made.lead({0: ThreadHelper(0, made.inbox, work)}, 1)
        return made

    def test_a_failing_searcher_is_loud_where_asked(self) -> None:
        with pytest.raises(BrokenPlan, match="a fault of ours"):
            self.run(failing, 20)

    def test_time_ends_a_searcher(self) -> None:
        made = self.run(patient, 0.5)
        assert made.watcher.spent < 20

    def test_a_process_does_its_work_and_tells(self) -> None:
        inbox: queue.Queue[Message] = queue.Queue()
        helper = ProcessHelper(3, inbox)
        try:
            helper.send((Echo("hello"),))
            assert inbox.get(timeout=60) == (3, "doing", "hello")
            assert inbox.get(timeout=60) == (3, "over")
            assert inbox.get(timeout=60) == (3, "gone")
        finally:
            helper.close()


@dataclass
class Clock:
    """Stands in for the clock: time goes on only where somebody waits."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now


@dataclass
class Quiet:
    """An inbox into which nothing comes: waiting for it takes its time."""

    clock: Clock

    def get(self, timeout: float) -> Message:
        self.clock.now += timeout
        raise queue.Empty

    def empty(self) -> bool:
        return True


@dataclass
class Deaf(Silent):
    """A searcher that does not end when it is told to: it is waited for in vain."""

    clock: Clock = field(default_factory=Clock)

    def close(self) -> None:
        self.clock.now += LAST_WAIT


class TestTelling:
    """What is promised to whoever waits, counted in a time of our own: once a second,
    and two seconds after a stop, whatever the searchers do."""

    def lead(
        self, monkeypatch: pytest.MonkeyPatch, *, stop_at: float
    ) -> tuple[list[float], list[float], float]:
        """When progress was told, when a stop was asked for, and when it ended."""
        clock = Clock()
        monkeypatch.setattr("scheduling.solver.search.watcher.time", clock)
        told: list[float] = []
        asked: list[float] = []

        def stop() -> bool:
            asked.append(clock.now)
            return clock.now >= stop_at

        watcher = Watcher(
            FACTS, 20.0, lambda _: told.append(clock.now), stop, began=0.0
        )
        made = Leader(FACTS, CONSTRAINTS, OBJECTIVES, watcher)
        assert made.offer(Incumbent())
        monkeypatch.setattr(made, "inbox", Quiet(clock))
        made.lead({0: Deaf(clock=clock)}, 1e9)
        return told, asked, clock.now

    def test_a_silent_search_is_told_of_every_second(self, monkeypatch) -> None:
        told, asked, ended = self.lead(monkeypatch, stop_at=1e9)
        assert ended >= 20
        for times in (told, asked):
            assert all(b - a <= 1 for a, b in pairwise([0.0, *times, 20.0]))

    def test_a_stop_is_noticed_and_answered_in_time(self, monkeypatch) -> None:
        _, asked, ended = self.lead(monkeypatch, stop_at=3.0)
        assert asked[-1] <= 4.0
        assert ended - asked[-1] <= 2.0


class Echo:
    """Work that can be pickled: tells one word."""

    def __init__(self, word: str) -> None:
        self.word = word

    def __call__(self, line: Line) -> None:
        line.tell(("doing", self.word))
