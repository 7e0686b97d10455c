"""A resident's own answer: in whole sentences, after what is published, about nobody
else."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from audit.models import AuditEvent
from scheduling import resident_words as words
from scheduling.models import LeftOut, Schedule, ScheduledSeries
from scheduling.services.why import WhyNotPlaced, why_not_placed
from scheduling.solver.change.file import RECORDS
from scheduling.solver.constraints import CONSTRAINTS
from tests.factories import OfferingFactory, RegistrationFactory, SeriesFactory
from tests.scheduling.rows import ACTOR
from tests.scheduling.views.conftest import WEEK

FURTHER = "It may help if 5 km further is fine."
RULES = [rule.id for rule in CONSTRAINTS]
ABOUT_OTHERS = sorted(set(RULES) - set(words.OWN) - {"room-features"})


def published(*reasons: dict[str, Any], held: tuple[Any, ...] = ()) -> LeftOut:
    schedule = Schedule.objects.create(
        first_date=WEEK.monday,
        last_date=WEEK.sunday,
        state="published",
        published_at=timezone.now(),
    )
    for series in held:
        ScheduledSeries.objects.create(
            schedule=schedule, series=series, seen_at=timezone.now()
        )
    return LeftOut.objects.create(
        schedule=schedule, registration=RegistrationFactory(), reasons=list(reasons)
    )


def reason(series: Any, *rules: str, **extra: Any) -> dict[str, Any]:
    return {
        "series": str(series.pk),
        "rules": list(rules),
        "verified": "plan_fixed",
        **extra,
    }


def way(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"changes": list(changes), "seats": 1}


def wrap(title: str = "WRAP") -> Any:
    return SeriesFactory(offering=OfferingFactory(title_nl=title, title_en=title))


def asked(row: LeftOut) -> WhyNotPlaced:
    with override("en"):
        return why_not_placed(actor=ACTOR, registration=row.registration)


def in_english(text: object) -> str:
    with override("en"):
        return str(text)


@pytest.mark.django_db
class TestAnswer:
    def test_names_what_was_asked_for_and_why_it_has_no_seat(self) -> None:
        series = wrap()
        answer = asked(published(reason(series, "resident-travel"), held=(series,)))
        assert answer.groups == (
            ("WRAP", ("The group is further away than you want to travel.",)),
        )
        assert answer.planned_from == WEEK.monday

    def test_two_series_of_one_course_are_told_once(self) -> None:
        offering = OfferingFactory(title_nl="WRAP", title_en="WRAP")
        rows = [SeriesFactory(offering=offering) for _ in range(2)]
        answer = asked(published(*(reason(one, "group-size") for one in rows)))
        assert answer.groups == (("WRAP", ("This group is not held now.",)),)

    def test_what_would_help_is_about_oneself_alone(self) -> None:
        series, other = wrap(), wrap("Beter slapen")
        helps = [
            way({"kind": "travel", "km": 5}, {"kind": "pace"}),
            way({"kind": "half-day", "weekday": 1, "part": 2}),
            way({"kind": "choice", "series": str(other.pk)}),
            way({"kind": "new-room", "weekday": 1, "part": 2}),
            way({"kind": "travel", "km": 9}, {"kind": "more-seats", "seats": 1}),
        ]
        row = published(reason(series, "resident-travel", ways=helps))
        told = asked(row).would_help
        assert told == (
            f"{FURTHER} It may help if one meeting more is fine.",
            "It may help if you can also come on Tuesday evening.",
            "There is a place in Beter slapen, for which you can ask too.",
        )

    def test_a_draft_is_never_told(self) -> None:
        row = published(reason(wrap(), "group-size"))
        Schedule.objects.update(state="draft")
        assert asked(row).sentences == (in_english(words.NOT_YET),)

    def test_the_newest_published_schedule_counts(self) -> None:
        row = published(reason(wrap(), "group-size"))
        later = Schedule.objects.create(
            first_date=WEEK.plus(1).monday,
            last_date=WEEK.plus(1).sunday,
            state="published",
            published_at=timezone.now(),
        )
        LeftOut.objects.create(schedule=later, registration=row.registration)
        answer = asked(row)
        assert answer.planned_from == WEEK.plus(1).monday
        assert answer.sentences == (
            "There is no group, course or conversation now that you asked for.",
        )

    def test_who_has_a_seat_is_told_so(self) -> None:
        row = published(reason(wrap(), "group-size"))
        row.registration.state = "placed"
        assert asked(row).sentences == ("You have a place.",)

    def test_who_stopped_is_told_so(self) -> None:
        row = published(reason(wrap(), "group-size"))
        row.registration.state = "withdrawn"
        assert asked(row).sentences == (in_english(words.CLOSED),)

    def test_the_read_is_logged_with_the_person_it_is_about(self) -> None:
        row = published(reason(wrap(), "group-size"))
        asked(row)
        event = AuditEvent.objects.filter(event_code="registration.why").get()
        assert event.subject_ids == [str(row.registration.resident.person_id)]

    @pytest.mark.parametrize("many", [1, 3])
    def test_a_fixed_number_of_queries(self, many: int) -> None:
        row = published(*(reason(wrap(str(one)), "group-size") for one in range(many)))
        assert row.registration.resident.person_id
        with CaptureQueriesContext(
            connection,
        ) as asked_of:
            asked(row)
        assert len(asked_of) == 4  # the log line, the answer, what is held, titles


def subsets(rules: list[str]) -> Any:
    return chain.from_iterable(combinations(rules, size) for size in (1, 2, 3))


class TestNothingOfOthers:
    """Whatever it was about others, the sentence is the same: nothing can be read."""

    @pytest.mark.parametrize("verified", ["plan_fixed", "by_facts", "part_freed"])
    @pytest.mark.parametrize("held", [True, False])
    def test_rules_about_others_are_told_alike(self, verified: str, held: bool) -> None:
        told = {
            tuple(words.resident_sentences(rules, verified, held=held))
            for rules in subsets(ABOUT_OTHERS)
        }
        assert len(told) == 1

    def test_no_sentence_has_a_number_in_it(self) -> None:
        for language in ("nl", "en"):
            with override(language):
                for rule in RULES:
                    for held in (True, False):
                        for one in words.resident_sentences(
                            [rule], "plan_fixed", held=held
                        ):
                            assert not any(sign.isdigit() for sign in one)

    def test_what_cannot_be_held_by_anybody_says_nothing_of_oneself(self) -> None:
        own = ["resident-availability", "group-size"]
        with override("en"):
            assert words.resident_sentences(
                own, "part_freed", held=False, for_all=True
            ) == ["This group is not held now."]
            assert words.resident_sentences(own, "part_freed", held=False) == [
                "This group cannot be held at a time and place that suit you now."
            ]
            assert words.resident_sentences(own[:1], "part_freed", held=False) == [
                "The group meets at times when you cannot come."
            ]

    def test_no_reason_at_all_leaves_it_open(self) -> None:
        with override("en"):
            for rules, verified in (([], "plan_fixed"), (["group-size"], "undecided")):
                assert words.resident_sentences(rules, verified, held=True) == [
                    "A place may still be found in a next plan."
                ]

    def test_only_what_one_can_change_oneself_is_told_as_help(self) -> None:
        others = [
            way({"kind": kind, "minutes": 5, "weekday": 1, "part": 1, "seats": 1})
            for kind in set(RECORDS) - {"travel", "half-day", "pace", "choice"}
        ]
        assert words.resident_helps(others, {}) == []
