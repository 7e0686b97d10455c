""" "Help me choose": at most five questions, none about health, one on a page.

The answers stay in the address, as neutral words, so that nothing is kept and the back
button works; the names are those of the catalogue's own filter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from courses.cards import Act
from courses.finding import by_offering, find
from courses.forms import CatalogueFilter
from courses.selectors.offer_index import offered_languages, runs, themes_by_offer
from courses.views.catalogue import cards_of, limit_of, near_home
from courses.views.reader import resident_behind
from people.selectors import places

if TYPE_CHECKING:
    from django.utils.functional import Promise

SUGGESTIONS = 3
COMPANY = (
    ("talk", gettext_lazy("Talk with people who know what it is like"), "peer_group"),
    ("learn", gettext_lazy("Learn something, step by step"), "recovery_course"),
    ("drop", gettext_lazy("Just walk in, without enrolling"), "drop_in"),
    ("alone", gettext_lazy("Work on something at home"), "digital_module"),
    ("", gettext_lazy("I do not know yet"), ""),
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: its words, and the field of the filter that it fills."""

    name: str
    words: str | Promise


QUESTIONS = (
    Question(name="kind", words=gettext_lazy("What would you like to do?")),
    Question(name="half_day", words=gettext_lazy("When can you come?")),
    Question(name="place", words=gettext_lazy("Where do you live?")),
    Question(name="language", words=gettext_lazy("In which language?")),
    Question(name="free", words=gettext_lazy("Do you want to start soon?")),
)


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The next question, or what fits after the last one."""
    known = list(places())
    form = CatalogueFilter(
        request.GET,
        themes=themes_by_offer(),
        places=known,
        languages=offered_languages(),
    )
    step = request.GET.get("step", "1")
    number = int(step) if step.isascii() and step.isdigit() and len(step) < 3 else 1
    answers = _answers(form)
    if number <= len(QUESTIONS):
        question = QUESTIONS[max(number, 1) - 1]
        context: dict[str, Any] = {
            "question": question,
            "bound": form[question.name],
            "company": COMPANY if question.name == "kind" else (),
            "number": max(number, 1),
            "total": len(QUESTIONS),
            "next": max(number, 1) + 1,
            "answers": [(n, v) for n, v in answers if n != question.name],
            "back": _address(answers, max(number, 1) - 1) if number > 1 else "",
        }
        return render(request, "courses/choose.html", context)
    return _result(request, form, answers, known)


def _result(
    request: HttpRequest, form: CatalogueFilter, answers: Any, known: Any
) -> HttpResponse:
    resident = resident_behind(request)
    journey = near_home(resident, form.home, known)
    limits = form.limits(most_minutes=limit_of(resident))
    found, waiting = find(runs(form.wanted), limits, journey=journey)
    best = [
        choice.groups[0]
        for choice in by_offering(
            one for one in found if one.act in {Act.JOIN, Act.WALK_IN, Act.WAIT}
        ).values()
    ]
    context = {
        "cards": cards_of(best[:SUGGESTIONS], waiting, journey=journey),
        "number": len(best),
        "everything": _query(answers),
        "back": _address(answers, len(QUESTIONS)),
        "title": _("What may fit you"),
    }
    return render(request, "courses/chosen.html", context)


def _answers(form: CatalogueFilter) -> list[tuple[str, str]]:
    """What was answered so far, as pairs for an address."""
    pairs = []
    for question in QUESTIONS:
        value = form.chosen.get(question.name)
        if isinstance(value, list):
            pairs += [(question.name, one) for one in value]
        elif value:
            pairs.append((question.name, "on" if value is True else value))
    return pairs


def _query(answers: list[tuple[str, str]]) -> str:
    query = QueryDict(mutable=True)
    for name, value in answers:
        query.appendlist(name, value)
    return query.urlencode()


def _address(answers: list[tuple[str, str]], step: int) -> str:
    return f"?{_query([*answers, ('step', str(step))])}"
