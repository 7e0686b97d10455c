"""Who has no seat in a schedule and why: by reference number, never by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from audit.actor import Actor
from courses.selectors.catalogue import reason_codes
from scheduling import words
from scheduling.help_words import step_pill
from scheduling.messages import (
    CHECKED,
    NOT_FINISHED,
    NOT_FINISHED_TAG,
    NOTHING_ASKED,
    NOTHING_ASKED_TAG,
    PERHAPS_FEWER,
    group_sentences,
    rule_words,
    why_sentences,
)
from scheduling.models import HelpStep
from scheduling.selectors import (
    LeftOutPerson,
    LeftOutReason,
    SeriesNotHeld,
    left_out_of,
    schedule_by_id,
    series_not_held,
    words_of_ways,
)
from scheduling.services.access import (
    Reach,
    care_reach,
    planners_only,
    reach_of,
)
from scheduling.services.helping import helped_before, waiting_answers
from scheduling.way_words import way_sentence
from scheduling.weeks import Week

PER_PAGE = 25
MOST_HELPS = 3
NOTHING, OPEN = "nothing", "open"
PASSED, UNFOUNDED = "passed", "passed-open"
"""Marks of who was left out too often, and of those for whom nothing is in the way."""
TAGS = {
    NOTHING: NOTHING_ASKED_TAG,
    OPEN: NOT_FINISHED_TAG,
    PASSED: _lazy("left out three times in a row or more"),
    UNFOUNDED: _lazy("left out so often though nothing stands in the way"),
}


@dataclass(frozen=True)
class Why:
    """Reasons of one series or several alike: what was asked, sentences, tags, and what
    was held fixed when they were checked."""

    titles: tuple[str, ...]
    sentences: tuple[str, ...]
    tags: tuple[str, ...]
    checked: str = ""


@dataclass(frozen=True)
class NotHeld:
    """What is not held of one offering, why, and what would help."""

    row: SeriesNotHeld
    sentences: tuple[str, ...]
    helps: tuple[tuple[str, str], ...]
    href: str
    """Where it is helped; empty for another organisation's."""


class WayWords:
    """Sentences for ways; the names they need are read once for a page."""

    def __init__(self, ways: Iterable[Mapping[str, Any]]) -> None:
        self.titles, self.places = words_of_ways(ways)

    def of(
        self,
        ways: Iterable[tuple[str, Mapping[str, Any]]],
        *,
        of_person: bool,
        whom: str = "",
    ) -> tuple[tuple[str, str], ...]:
        """(sentence, address of its button) of the first few, each sentence once.

        Without an address there is no button: somebody else may help here.
        """
        told: dict[str, str] = {}
        for href, way in ways:
            sentence = way_sentence(
                way,
                titles=self.titles,
                places=self.places,
                of_person=of_person,
                whom=whom,
            )
            told.setdefault(sentence, href)
        return tuple(told.items())[:MOST_HELPS]


@dataclass(frozen=True)
class Line:
    """A registration without a seat, in words."""

    who: str
    facts: str
    late: str
    passed: str
    asked_for: str
    one_to_one: str
    whys: tuple[Why, ...]
    helps: tuple[tuple[str, str], ...]
    href: str
    registration_id: int
    set_aside: bool
    steps: tuple[tuple[str, str], ...]


@require_safe
@planners_only
def left_out(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """Everybody without a seat, 25 a page, and the series that are not held.

    `?reden=` keeps those for whom one rule stands in the way.
    """
    schedule = schedule_by_id(schedule_id=schedule_id)
    if schedule is None:
        raise Http404("no such schedule")
    reach = reach_of(request.user)
    # Whom the reader may help; others are numbers here, without a button.
    mine = care_reach(request.user)
    people = left_out_of(
        actor=Actor.of(request.user),
        schedule=schedule,
        organisation_ids=reach.organisations,
    )
    chosen = request.GET.get("reden", "")
    groups = _groups(people, chosen, request.path)
    shown = [one for one in people if not chosen or chosen in rules_of(one)]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    week = Week.of(schedule.first_date)
    not_held = [] if chosen else series_not_held(schedule=schedule)
    ways = [way for one in page for reason in one.reasons for way in reason.ways]
    said = WayWords([*ways, *(way[2] for one in not_held for way in one.ways)])
    steps = waiting_answers([one.registration_id for one in page])
    context = {
        "schedule": schedule,
        "week": week,
        "back": reverse("scheduling:week", args=[week]),
        "title": ngettext(
            "%(count)s person has no seat yet",
            "%(count)s people have no seat yet",
            len(people),
        )
        % {"count": words.number(len(people))},
        "total": len(people),
        "groups": groups,
        "chosen": chosen,
        "everybody": request.path,
        "page": page,
        "lines": [
            _line(
                _person_href(schedule.pk, one, mine),
                one,
                said,
                steps.get(one.registration_id, []),
            )
            for one in page
        ],
        "not_held": [_not_held(schedule.pk, one, said, reach) for one in not_held],
        "most": _helps_most(
            schedule.pk,
            [one for one in not_held if reach.has(one.offering.organisation_id)],
            said,
        ),
        "reasons": reason_codes(),
        "before": [
            (
                _("Resident %(number)s") % {"number": one.registration.resident_id},
                *step_pill(one),
                reverse(
                    "scheduling:help-person", args=[schedule.pk, one.registration_id]
                ),
            )
            for one in helped_before(
                without=[one.registration_id for one in people],
                organisation_ids=mine.organisations,
            )
            if one.registration is not None
        ],
        "here": request.get_full_path(),
    }
    return render(request, "scheduling/left_out.html", context)


def rules_of(person: LeftOutPerson) -> frozenset[str]:
    """Every rule that stands in someone's way, or why none is told.

    With the marks of who was left out too often.
    """
    rules = {rule for reason in person.reasons for rule in reason.rules or (OPEN,)}
    marks = {PASSED} if person.passed_over else set()
    if person.passed_over and OPEN in rules:
        marks.add(UNFOUNDED)
    return frozenset((rules or {NOTHING}) | marks)


def _groups(
    people: Iterable[LeftOutPerson], chosen: str, path: str
) -> list[tuple[str, int, str, bool]]:
    """(words, how many people, address, is chosen) of each reason, most first; who was
    left out too often before all."""
    count = Counter(rule for one in people for rule in rules_of(one))
    return [
        (_tag(rule), number, f"{path}?reden={rule}", rule == chosen)
        for rule, number in sorted(
            count.items(),
            key=lambda one: (one[0] != UNFOUNDED, one[0] != PASSED, -one[1]),
        )
    ]


def _tag(rule: str) -> str:
    return str(TAGS.get(rule) or rule_words(rule).tag)


def _person_href(schedule_id: int, person: LeftOutPerson, mine: Reach) -> str:
    """Where somebody is helped; empty for who is not the reader's to help."""
    if not mine.has(person.organisation_id):
        return ""
    return reverse("scheduling:help-person", args=[schedule_id, person.registration_id])


def _line(
    href: str, person: LeftOutPerson, said: WayWords, steps: list[HelpStep]
) -> Line:
    facts = [person.place] if person.place else []
    facts.append(_("waiting %(weeks)s") % {"weeks": words.weeks(person.waiting_days)})
    late = ""
    if person.days_beyond > 0:
        late = _("%(weeks)s beyond the norm of %(norm)s") % {
            "weeks": words.weeks(person.days_beyond),
            "norm": words.weeks(person.norm_days),
        }
    else:
        facts.append(_("norm %(weeks)s") % {"weeks": words.weeks(person.norm_days)})
    return Line(
        who=_("Resident %(number)s") % {"number": person.number},
        facts=" · ".join(facts),
        late=late,
        passed=_passed(person),
        asked_for=", ".join(person.asked_for),
        one_to_one=person.one_to_one_reason if href else "",
        whys=_whys(person),
        helps=said.of(
            [(href and f"{href}#w-{key}", way) for key, way in _simplest(person)],
            of_person=True,
            whom=str(person.person_id),
        ),
        href=href,
        registration_id=person.registration_id,
        set_aside=person.set_aside,
        steps=tuple(step_pill(one) for one in steps),
    )


def _passed(person: LeftOutPerson) -> str:
    if not person.passed_over:
        return ""
    if UNFOUNDED in rules_of(person):
        said = _(
            "Left out %(count)d times in a row, and nothing is known to stand in the "
            "way: look at this before all else."
        )
    else:
        said = _("Left out %(count)d times in a row: look at this first.")
    return said % {"count": person.passes}


def _whys(person: LeftOutPerson) -> tuple[Why, ...]:
    """One for each set of rules, so that three series full alike are said once."""
    if not person.reasons:
        return (Why((), (str(NOTHING_ASKED),), (str(NOTHING_ASKED_TAG),)),)
    alike: dict[tuple[tuple[str, ...], bool, str], list[LeftOutReason]] = {}
    for reason in person.reasons:
        key = (reason.rules, reason.for_all, _checked(reason))
        alike.setdefault(key, []).append(reason)
    return tuple(
        Why(
            tuple(dict.fromkeys(one.title for one in found)),
            tuple((group_sentences if for_all else why_sentences)(rules))
            or (str(NOT_FINISHED),),
            tuple(_tag(rule) for rule in rules or (OPEN,)),
            checked,
        )
        for (rules, for_all, checked), found in alike.items()
    )


def _checked(reason: LeftOutReason) -> str:
    """What was held fixed when a reason was verified, and how sure it is."""
    if not reason.rules:
        return ""
    told = str(CHECKED.get(reason.verified, ""))
    return told if reason.irreducible else f"{told} {PERHAPS_FEWER}".strip()


def _simplest(person: LeftOutPerson) -> list[tuple[str, Mapping[str, Any]]]:
    """What would help somebody, one change before two."""
    return sorted(person.ways, key=lambda pair: len(pair[1]["changes"]))


def _helps_most(
    schedule_id: int, not_held: Iterable[SeriesNotHeld], said: WayWords
) -> list[tuple[str, str, str]]:
    """Title, sentence and address of what would seat most people, one of each
    offering."""
    best = [
        (max(one.ways, key=lambda way: way[2]["seats"]), one.offering.title)
        for one in not_held
        if one.ways
    ]
    best.sort(key=lambda pair: -pair[0][2]["seats"])
    return [
        (title, *said.of([_button(schedule_id, way)], of_person=False)[0])
        for way, title in best[:MOST_HELPS]
        if way[2]["seats"]
    ]


def _button(
    schedule_id: int, way: tuple[str, str, Mapping[str, Any]]
) -> tuple[str, Mapping[str, Any]]:
    """The address of the button of a way of a series, and the way."""
    href = reverse("scheduling:help-series", args=[schedule_id, way[0]])
    return f"{href}#w-{way[1]}", way[2]


def _not_held(
    schedule_id: int, one: SeriesNotHeld, said: WayWords, reach: Reach
) -> NotHeld:
    """Sentences of all its series, each once; buttons for the reader's own."""
    rules = dict.fromkeys(rule for found in one.why for rule in found)
    own = reach.has(one.offering.organisation_id)
    ways = [_button(schedule_id, way) for way in one.ways]
    return NotHeld(
        one,
        tuple(group_sentences(rules)),
        said.of([(href if own else "", way) for href, way in ways], of_person=False),
        reverse("scheduling:help-series", args=[schedule_id, one.first_id])
        if own
        else "",
    )
