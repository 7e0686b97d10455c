"""What was done for somebody who is left out, in sentences for the coordinator; and
what is asked of a resident or a leader, in their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling import words
from scheduling.models import Consent, StepKind, StepState
from scheduling.way_words import change_sentence

if TYPE_CHECKING:
    from scheduling.models import HelpStep

TONES = {
    StepState.ASKED: "info",
    StepState.DONE: "ok",
    StepState.DECLINED: "warn",
    StepState.UNDONE: "plain",
}
ROOM_TONES = {"asked": "info", "given": "ok", "refused": "warn", "withdrawn": "plain"}


def step_pill(step: HelpStep) -> tuple[str, str]:
    """What was done and how it stands, in a few words, with the tone of them."""
    kind = str(StepKind(step.kind).label)
    if step.state == StepState.DONE:
        tone = "info" if step.kind == StepKind.ROOM else "ok"
        return (kind, tone) if step.kind != StepKind.WAY else (_("helped"), tone)
    return f"{kind}: {step.get_state_display()}", TONES[StepState(step.state)]


def step_title(
    step: HelpStep, titles: Mapping[str, str], places: Mapping[str, str], whom: str
) -> str:
    """What the step is, in a sentence."""
    if step.kind == StepKind.ONE_TO_ONE:
        return _("One-to-one is allowed.")
    if step.kind == StepKind.GROUP_FIRST:
        return _("Group first is set aside.")
    if step.kind == StepKind.NEXT_TERM:
        until = date.fromisoformat(step.changes[0]["until"])
        return _("Waits for the next period: we look again from %(day)s.") % {
            "day": words.day_in_text(until)
        }
    if step.kind == StepKind.COURSE:
        (change,) = step.changes
        return _("Also asks for %(title)s.") % {
            "title": titles.get(f"o{change['offering']}", "")
        }
    return " ".join(
        change_sentence(
            change,
            titles=titles,
            places=places,
            of_person=step.registration_id is not None,
            whom=whom,
        )
        for change in step.changes
    )


def step_history(step: HelpStep, room: str = "") -> list[str]:
    """Who did it, who agreed and when, what came of it: a few short sentences."""
    who = {"who": step.made_by.email, "when": _when(step.made_at)}
    asked = step.state == StepState.ASKED
    told = [
        _("Asked by %(who)s on %(when)s.") % who
        if asked
        else _("Done by %(who)s on %(when)s.") % who
    ]
    if step.agreed_on is not None:
        day = {"day": words.day_in_text(step.agreed_on)}
        told.append(
            _("Agreed on the own page on %(day)s.") % day
            if step.agreed_how == Consent.OWN_PAGE
            else _("Agreed, told to the coordinator, on %(day)s.") % day
        )
    if room:
        told.append(room)
    if step.state == StepState.DECLINED and step.answered_at is not None:
        told.append(
            _("The answer was no, on %(when)s.") % {"when": _when(step.answered_at)}
        )
    if step.undone_at is not None:
        by = step.undone_by.email if step.undone_by is not None else ""
        told.append(
            _("Undone by %(who)s on %(when)s.")
            % {"who": by, "when": _when(step.undone_at)}
        )
    return told


def _when(moment: Any) -> str:
    return words.moment_in_text(timezone.localtime(moment))


def room_answer(state: str, where: str) -> str:
    """What the location said about a room that was asked for."""
    return {
        "asked": _("The location did not answer yet."),
        "given": _("The location gave a room: %(where)s.") % {"where": where},
        "refused": _("The location said no."),
        "withdrawn": _("The request was taken back."),
    }[state]


def question_sentences(
    changes: Iterable[Mapping[str, Any]], titles: Mapping[str, str]
) -> list[str]:
    """What is asked of the reader, a sentence for each change that is the reader's."""
    return [
        sentence
        for change in changes
        if (sentence := _question(change, titles)) is not None
    ]


def _question(change: Mapping[str, Any], titles: Mapping[str, str]) -> str | None:
    kind = change["kind"]
    if kind == "travel":
        return _("Is it all right if you travel %(km)d km further?") % change
    if kind == "pace":
        return _("Is one meeting more in a day or a week all right?")
    if kind in ("half-day", "leader-hours"):
        return _("Can you also come on %(when)s?") % {
            "when": words.half_day(change["weekday"], change["part"])
        }
    if kind in ("choice", "offering"):
        key = str(change.get("series") or f"o{change.get('offering')}")
        return _("Would you also like to take part in %(title)s?") % {
            "title": titles.get(key, "")
        }
    if kind == "leader-minutes":
        return _("Can you work %(minutes)d minutes a week more?") % change
    return None
