"""For every check of the doctor: a problem it finds something in, one beside it in
which it does not, and what it finds."""

from __future__ import annotations

from dataclasses import replace

from scheduling.solver.horizon import Span, WeeklyWindow
from scheduling.solver.problem import (
    LoadLimits,
    Person,
    Published,
)
from tests.builders import (
    NINE,
    SEVEN,
    TEN,
    facilitator,
    need,
    problem,
    registration,
    room,
    series,
)
from tests.doctor_facts import (
    EARLY,
    HALF_AN_HOUR,
    IN_A_ROOM,
    LATE,
    LONG,
    MONDAY,
    NEVER,
    ON_LEAVE,
    SEATED,
    TUESDAY,
    Case,
    S,
    T,
    about,
    asks,
    busy,
    hours,
    in_one_group,
    led,
    living_in,
    published,
    rooms,
    two,
)

CASES: dict[str, Case] = {
    "series-without-leader": (
        led(facilitator("f", "other")),
        led(facilitator("f")),
        about(("series", "s"), ("role", "guide"), needed=1, able=0),
    ),
    "series-leaders-never-free": (
        led(
            facilitator("f", availability=MONDAY),
            facilitator("g", availability=TUESDAY),
            staff=(need(2),),
        ),
        led(
            facilitator("f", availability=MONDAY),
            facilitator("g", availability=MONDAY),
            staff=(need(2),),
        ),
        about(("series", "s"), ("facilitator", "f"), ("facilitator", "g"), able=2),
    ),
    "series-too-few-organisations": (
        led(
            facilitator("f"),
            facilitator("g"),
            staff=(need(2),),
            different_organisations=True,
        ),
        led(
            facilitator("f"),
            facilitator("g", organisation_id="o2"),
            staff=(need(2),),
            different_organisations=True,
        ),
        about(("series", "s"), ("role", "guide"), organisations=1, needed=2),
    ),
    "series-without-room": (
        rooms(room("r", capacity=4), size_min=5),
        rooms(room("r", capacity=5), size_min=5),
        about(("series", "s"), chairs=5),
    ),
    "series-rooms-never-open": (
        rooms(room("r", opening=TUESDAY), room("q", opening=NEVER)),
        rooms(room("r", opening=MONDAY)),
        about(("series", "s"), ("room", "r"), ("room", "q"), rooms=2),
    ),
    "series-without-window": (
        rooms(room("r"), windows=(WeeklyWindow(0, 36, 39),)),
        rooms(room("r"), windows=(WeeklyWindow(0, 36, 40),)),
        about(("series", "s"), minutes=60),
    ),
    "series-order-cannot-fit": (
        two(LONG, series("t"), series_order=(("s", "t"),)),
        two(EARLY, LATE, series_order=(("s", "t"),)),
        about(
            ("series", "t"),
            ("series", "s"),
            first_ends_on_day=7,
            second_begins_on_day=0,
        ),
    ),
    "series-too-few-interested": (
        asks(series("s", size_min=2)),
        asks(series("s", size_min=2), seats=2),
        about(("series", "s"), interested=1, minimum=2),
    ),
    "series-group-below-minimum": (
        problem(series=(series("s", size_min=2, members=("m",), meetings_held=4),)),
        problem(series=(series("s", size_min=2, members=("m",)),)),
        about(("series", "s"), members=1, minimum=2),
    ),
    "series-nobody-asks": (
        problem(series=(S,)),
        problem(series=(series("s", held_weight=10),)),
        about(("series", "s")),
    ),
    "series-one-leader": (
        led(facilitator("f"), facilitator("g", "other")),
        led(facilitator("f"), facilitator("g")),
        about(("series", "s"), ("facilitator", "f"), ("role", "guide")),
    ),
    "room-without-opening": (
        rooms(room("r", opening=NEVER)),
        rooms(room("r", opening=MONDAY)),
        about(("room", "r")),
    ),
    "room-fully-booked": (
        rooms(room("r", opening=MONDAY, booked=(Span(0, 2000),))),
        rooms(room("r", opening=MONDAY, booked=(Span(0, 96),))),
        about(("room", "r"), bookings=1),
    ),
    "room-never-suits": (
        rooms(room("r"), room("q", capacity=2), size_min=3),
        rooms(room("r"), room("q", capacity=3), size_min=3),
        about(("room", "q"), capacity=2),
    ),
    "facilitator-without-role": (
        led(facilitator("f"), replace(facilitator("g"), roles=frozenset())),
        led(facilitator("f"), facilitator("g", "other")),
        about(("facilitator", "g")),
    ),
    "facilitator-without-availability": (
        led(facilitator("f", availability=NEVER)),
        led(facilitator("f", availability=MONDAY)),
        about(("facilitator", "f")),
    ),
    "facilitator-load-too-small": (
        led(facilitator("f", load=LoadLimits(minutes_per_week=45))),
        led(facilitator("f", load=LoadLimits(minutes_per_week=60))),
        about(("facilitator", "f"), carries=45, shortest=60),
    ),
    "facilitator-shift-too-short": (
        led(facilitator("f", availability=HALF_AN_HOUR)),
        led(facilitator("f", availability=MONDAY)),
        about(("facilitator", "f"), shortest=60),
    ),
    "facilitator-not-needed": (
        led(facilitator("f"), facilitator("g", "other")),
        led(facilitator("f"), facilitator("g", "other", "guide")),
        about(("facilitator", "g")),
    ),
    "facilitator-twice": (
        problem(
            facilitators=(
                facilitator("f", person_id="m"),
                facilitator("g", person_id="m"),
            ),
            persons=(Person("m"), Person("n")),
        ),
        problem(
            facilitators=(
                facilitator("f", person_id="m"),
                facilitator("g", person_id="n"),
            ),
            persons=(Person("m"), Person("n")),
        ),
        about(("facilitator", "f"), ("facilitator", "g"), ("person", "m")),
    ),
    "registration-without-choices": (
        asks(),
        asks(S),
        about(("registration", "a")),
    ),
    "registration-level-not-allowed": (
        asks(series("s", level=2), series("t", level=3), levels=frozenset({1})),
        asks(series("s", level=2), series("t", level=3), levels=frozenset({3})),
        about(("registration", "a"), choices=2),
    ),
    "registration-choices-taken": (
        asks(
            series("s", members=("m",), size_max=1),
            series("t", meetings_held=2, closed_after=2),
        ),
        asks(
            series("s", members=("m",), size_max=2),
            series("t", meetings_held=2, closed_after=2),
        ),
        about(("registration", "a"), choices=2),
    ),
    "registration-choices-unsuitable": (
        asks(
            series("s", language="one"),
            series("t", age_min=50),
            person={"languages": frozenset({"two"}), "age": 30},
        ),
        asks(
            series("s", language="one"),
            series("t", age_min=30),
            person={"languages": frozenset({"two"}), "age": 30},
        ),
        about(("registration", "a"), choices=2),
    ),
    "registration-nothing-fits": (
        asks(series("s", level=3), series("t", windows=(WeeklyWindow(6, 0, 96),))),
        asks(series("s", level=3), T),
        about(("registration", "a"), choices=2),
    ),
    "registration-already-member": (
        asks(series("s", members=("p-a",)), T),
        asks(series("s", members=("m",)), T),
        about(("registration", "a"), ("series", "s")),
    ),
    "registration-never-free": (
        asks(S, T, person={"availability": TUESDAY}),
        asks(S, T, person={"availability": MONDAY}),
        about(("registration", "a"), suiting=2),
    ),
    "registration-too-far": (
        asks(S, person={"home_place_id": "y", "travel_limit_minutes": 20}),
        asks(S, person={"home_place_id": "y", "travel_limit_minutes": 30}),
        about(("registration", "a"), limit=20, nearest=30),
    ),
    "registration-target-out-of-reach": (
        asks(LATE, target_day=4),
        asks(LATE, target_day=7),
        about(("registration", "a"), late_days=3),
    ),
    "person-without-availability": (
        asks(S, person={"availability": NEVER}),
        asks(S, person={"availability": TUESDAY}),
        about(("person", "p-a")),
    ),
    "person-needs-no-room-has": (
        asks(S, person={"needs": frozenset({"lift"})}),
        replace(
            asks(S, person={"needs": frozenset({"lift"})}),
            rooms=(room("r", features=frozenset({"lift"})),),
        ),
        about(("person", "p-a"), needs=1),
    ),
    "person-over-pace": (
        busy(pace=1),
        busy(pace=2),
        about(("person", "m"), meetings=2, pace=1),
    ),
    "together-without-common-choice": (
        two(S, T, keep_together=(("a", "b"),)),
        two(S, S, keep_together=(("a", "b"),)),
        about(("registration", "a"), ("registration", "b")),
    ),
    "together-and-apart": (
        two(S, S, keep_together=(("a", "b"),), keep_apart=(("p-b", "p-a"),)),
        two(S, S, keep_together=(("a", "b"),)),
        about(("registration", "a"), ("registration", "b")),
    ),
    "apart-but-in-one-group": (
        in_one_group("m", "n"),
        in_one_group("m"),
        about(("series", "s"), ("person", "m"), ("person", "n")),
    ),
    "seats-short": (
        asks(series("s", size_max=2), seats=3),
        asks(series("s", size_max=3), seats=3),
        about(wanted=3, free=2),
    ),
    "role-short": (
        hours(119),
        hours(120),
        about(("role", "guide"), wanted=240, available=238),
    ),
    "district-without-offer": (
        living_in("y"),
        living_in("x"),
        about(("district", "west"), people=3),
    ),
    "published-room-closed": (
        published(rooms=(room("r", booked=(Span(TEN - 1, SEVEN),)),)),
        published(rooms=(room("r", booked=(Span(TEN, SEVEN),)),)),
        about(("series", "s"), ("room", "r"), slot=NINE),
    ),
    "published-leader-away": (
        published(facilitators=(facilitator("f", availability=ON_LEAVE),)),
        published(facilitators=(facilitator("f", availability=MONDAY),)),
        about(("series", "s"), ("facilitator", "f"), slot=NINE),
    ),
    "published-member-away": (
        published(of_series={"members": ("m",)}, persons=(Person("m", TUESDAY),)),
        published(of_series={"members": ("m",)}, persons=(Person("m", MONDAY),)),
        about(("series", "s"), ("person", "m"), slot=NINE),
    ),
    "published-room-too-small": (
        published(
            of_series={"members": ("m",)},
            rooms=(room("r", capacity=2),),
            registrations=(registration("a", "s"),),
            published=Published((IN_A_ROOM,), SEATED),
        ),
        published(
            of_series={"members": ("m",)},
            rooms=(room("r", capacity=3),),
            registrations=(registration("a", "s"),),
            published=Published((IN_A_ROOM,), SEATED),
        ),
        about(("series", "s"), ("room", "r"), slot=NINE),
    ),
}

SEEN_IN = frozenset(
    check
    for check in CASES
    if check.startswith(("registration-", "person-without-", "person-needs-"))
)
"""Checks that may explain why somebody has no candidate."""
