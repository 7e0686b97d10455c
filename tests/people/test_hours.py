"""A leader's survey and absence: what follows for the planner, and what is refused."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.actor import Actor
from people.models import AvailabilityException, AvailabilityWindow, HalfDayWish, Leave
from people.services.hours import (
    add_away,
    away_of,
    keys,
    remove_away,
    save_survey,
    survey_of,
)
from tests.factories import AvailabilityWindowFactory, FacilitatorFactory

pytestmark = pytest.mark.django_db
ACTOR = Actor(user_id="1", role="facilitator")
MORNING, AFTERNOON, EVENING = "morning", "afternoon", "evening"


def windows(person: Any) -> list[tuple[int, time, time]]:
    rows = AvailabilityWindow.objects.filter(person=person).order_by("weekday", "start")
    return [(one.weekday, one.start, one.end) for one in rows]


def said(person: Any) -> dict[tuple[int, str], tuple[str, str]]:
    return {
        (one.weekday, one.half_day.value): (one.answer, one.reason)
        for one in survey_of(person=person)
    }


def test_the_week_has_twenty_one_parts_and_they_do_not_overlap() -> None:
    assert len(keys()) == 21
    facilitator = FacilitatorFactory()
    assert set(said(facilitator.person).values()) == {("ask", "")}


def test_yes_gives_hours_no_and_ask_give_none() -> None:
    person = FacilitatorFactory().person
    save_survey(
        actor=ACTOR,
        person=person,
        answers={
            (2, MORNING): ("yes", ""),
            (3, EVENING): ("no", "work"),
            (4, MORNING): ("ask", ""),
        },
    )
    assert windows(person) == [(2, time(8), time(12, 30))]
    answers = said(person)
    assert answers[2, MORNING] == ("yes", "")
    assert answers[3, EVENING] == ("no", "work")
    assert answers[4, MORNING] == ("ask", "")


def test_parts_that_touch_become_one_stretch() -> None:
    person = FacilitatorFactory().person
    save_survey(
        actor=ACTOR,
        person=person,
        answers={(2, part): ("yes", "") for part in (MORNING, AFTERNOON)},
    )
    assert windows(person) == [(2, time(8), time(17, 30))]


def test_exact_hours_that_were_known_stay_as_long_as_the_answer_is_yes() -> None:
    person = FacilitatorFactory().person
    AvailabilityWindowFactory(person=person, start=time(9), end=time(16))
    before = survey_of(person=person)
    assert said(person)[2, MORNING] == ("yes", "")
    assert next(one for one in before if one.answer == "yes").hours == (
        (time(9), time(12, 30)),
    )
    save_survey(
        actor=ACTOR,
        person=person,
        answers={(2, MORNING): ("yes", ""), (2, AFTERNOON): ("no", "care")},
    )
    assert windows(person) == [(2, time(9), time(12, 30))]


def test_a_no_needs_a_reason_and_nothing_is_half_kept() -> None:
    person = FacilitatorFactory().person
    AvailabilityWindowFactory(person=person)
    with pytest.raises(ValidationError) as caught:
        save_survey(
            actor=ACTOR,
            person=person,
            answers={
                (1, MORNING): ("yes", ""),
                (2, MORNING): ("no", ""),
                (5, EVENING): ("no", "because"),
            },
        )
    assert len(caught.value.messages) == 2
    assert windows(person) == [(2, time(9), time(12, 30))]
    assert not HalfDayWish.objects.exists()


@pytest.mark.parametrize(
    "answers", [{(8, MORNING): ("yes", "")}, {(1, "night"): ("yes", "")},
                {(1, MORNING): ("maybe", "")}],
)  # fmt: skip
def test_words_outside_the_lists_are_refused(answers: Any) -> None:
    with pytest.raises(ValidationError):
        save_survey(actor=ACTOR, person=FacilitatorFactory().person, answers=answers)


def test_absence_is_kept_once_listed_and_taken_back() -> None:
    facilitator = FacilitatorFactory()
    today = timezone.localdate()
    first, last = today + timedelta(days=7), today + timedelta(days=13)
    for _press in range(2):
        add_away(actor=ACTOR, facilitator=facilitator, first=first, last=last)
    add_away(
        actor=ACTOR, facilitator=facilitator, first=today, last=today, part=EVENING
    )
    away = away_of(facilitator=facilitator)
    assert [(one.first, one.last, one.part) for one in away] == [
        (today, today, EVENING),
        (first, last, ""),
    ]
    for one in away:
        assert remove_away(actor=ACTOR, facilitator=facilitator, key=one.key)
    assert not Leave.objects.exists()
    assert not AvailabilityException.objects.exists()


def test_nobody_takes_back_another_s_absence() -> None:
    other = FacilitatorFactory()
    today = timezone.localdate()
    add_away(actor=ACTOR, facilitator=other, first=today, last=today)
    key = away_of(facilitator=other)[0].key
    mine = FacilitatorFactory()
    for tried in (key, "leave-", "leave-x", f"leave-{'9' * 30}", "other-1", ""):
        assert not remove_away(actor=ACTOR, facilitator=mine, key=tried)
    assert Leave.objects.count() == 1


@pytest.mark.parametrize(("first", "last"), [(-3, -1), (5, 4), (0, 400), (800, 801)])
def test_impossible_days_are_refused(first: int, last: int) -> None:
    today = timezone.localdate()
    with pytest.raises(ValidationError):
        add_away(
            actor=ACTOR,
            facilitator=FacilitatorFactory(),
            first=today + timedelta(days=first),
            last=today + timedelta(days=last),
        )
    assert not Leave.objects.exists()
