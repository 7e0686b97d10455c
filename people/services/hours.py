"""A leader's own hours: one short survey of half-days, and the days of leave.

The answers are kept, and the weekly windows follow from them. A half-day that stays
"yes" keeps the exact hours that were written down before; a new "yes" is the whole
half-day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from audit.rows import StaleRow, save_checked, version_of
from people.enums import HalfDay, HalfDayAnswer, NoReason, Weekday
from people.models import (
    AvailabilityException,
    AvailabilityWindow,
    Facilitator,
    HalfDayWish,
    Leave,
    Person,
)
from people.models.availability import always
from people.services import days_between

LONGEST_LEAVE = timedelta(days=366)
FARTHEST = timedelta(days=731)
Key = tuple[int, str]
Span = tuple[int, time, time]


@dataclass(frozen=True, kw_only=True)
class HalfDayAnswered:
    """One cell of the survey; `hours` are the exact ones where they are fewer."""

    weekday: int
    half_day: HalfDay
    answer: str
    reason: str
    hours: tuple[tuple[time, time], ...] = ()


def keys() -> list[Key]:
    """Every half-day of the week, Monday morning first."""
    return [(day.value, part.value) for day in Weekday for part in HalfDay]


def _inside(window: AvailabilityWindow, part: HalfDay) -> tuple[time, time] | None:
    begin, over = part.hours
    start, end = max(window.start, begin), min(window.end, over)
    return (start, end) if start < end else None


def _parts(person: Person) -> dict[Key, list[tuple[time, time]]]:
    today = timezone.localdate()
    found: dict[Key, list[tuple[time, time]]] = {}
    for window in person.windows.all():
        if window.valid.upper is not None and window.valid.upper <= today:
            continue
        for part in HalfDay:
            span = _inside(window, part)
            if span is not None:
                found.setdefault((window.weekday, part.value), []).append(span)
    return found


def survey_of(*, person: Person) -> list[HalfDayAnswered]:
    """The answers of a leader, in the order of the week; two queries.

    Windows that were written by others (an import, a coordinator) count as "yes";
    who never said anything and has none is "ask me first" everywhere.
    """
    said = {(one.weekday, one.half_day): one for one in person.half_days.all()}
    there = _parts(person)
    survey = []
    for weekday, name in keys():
        part = HalfDay(name)
        spans = tuple(there.get((weekday, name), ()))
        wish = said.get((weekday, name))
        answer, reason = HalfDayAnswer.ASK.value, ""
        if spans:
            answer = HalfDayAnswer.YES.value
        elif wish is not None and wish.answer == HalfDayAnswer.NO:
            answer, reason = wish.answer, wish.reason
        survey.append(
            HalfDayAnswered(
                weekday=weekday,
                half_day=part,
                answer=answer,
                reason=reason,
                hours=spans if spans and spans != (part.hours,) else (),
            )
        )
    return survey


def survey_facts(survey: Iterable[HalfDayAnswered]) -> dict[str, tuple[str, str]]:
    """Answer and reason by the name that a form has for the half-day."""
    return {
        f"{one.weekday}-{one.half_day.value}": (one.answer, one.reason)
        for one in survey
    }


@transaction.atomic
def save_survey(
    *,
    actor: Actor,
    person: Person,
    answers: Mapping[Key, tuple[str, str]],
    version: str | None = None,
) -> None:
    """Keep the answers (by half-day: answer and reason) and make the windows follow.

    Half-days that are not in `answers` count as "ask me first". With a version
    (`audit.rows.version_of` of `survey_facts`) nothing newer is overwritten.

    Raises
    ------
    audit.rows.StaleRow
        With the answers of now, when they are no longer those of that version.
    django.core.exceptions.ValidationError
        For a "no" without a reason, or words that are not in the lists; every
        faulty half-day is named and nothing is changed.
    """
    _check(answers)
    # Two surveys of one person at once go one by one.
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if version is not None:
        now = survey_facts(survey_of(person=person))
        if version_of(now) != version:
            raise StaleRow(now)
    there = _parts(person)
    spans: list[Span] = []
    for weekday, name in keys():
        answer, _reason = answers.get((weekday, name), (HalfDayAnswer.ASK.value, ""))
        if answer == HalfDayAnswer.YES:
            kept = there.get((weekday, name)) or [HalfDay(name).hours]
            spans += [(weekday, start, end) for start, end in kept]
    person.windows.all().delete()
    person.half_days.all().delete()
    for weekday, start, end in _joined(spans):
        save_checked(
            AvailabilityWindow(
                person=person, weekday=weekday, start=start, end=end, valid=always()
            )
        )
    HalfDayWish.objects.bulk_create(
        HalfDayWish(
            person=person,
            weekday=weekday,
            half_day=name,
            answer=answer,
            reason=reason if answer == HalfDayAnswer.NO else "",
        )
        for (weekday, name), (answer, reason) in sorted(answers.items())
    )
    _log(actor, "availability.update", "U", person.pk, person.pk)


def _check(answers: Mapping[Key, tuple[str, str]]) -> None:
    faults = []
    known = set(keys())
    for (weekday, name), (answer, reason) in sorted(answers.items()):
        if (weekday, name) not in known or answer not in HalfDayAnswer.values:
            raise ValidationError(_("Choose day, part and answer from the list."))
        if answer == HalfDayAnswer.NO and reason not in NoReason.values:
            faults.append(
                _("%(day)s %(part)s: choose why you cannot come, or another answer.")
                % {
                    "day": str(Weekday(weekday).label).capitalize(),
                    "part": HalfDay(name).label,
                }
            )
    if faults:
        raise ValidationError(faults)


def _joined(spans: list[Span]) -> list[Span]:
    """Hours that touch on one day as one, so that a session may lie across them."""
    whole: list[Span] = []
    for weekday, start, end in sorted(spans):
        if whole and whole[-1][0] == weekday and start <= whole[-1][2]:
            whole[-1] = (weekday, whole[-1][1], max(whole[-1][2], end))
        else:
            whole.append((weekday, start, end))
    return whole


# --- Leave ------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Away:
    """Days on which a leader is away: whole (`part` empty) or one part of each."""

    key: str
    first: date
    last: date
    part: str


def away_of(*, facilitator: Facilitator) -> list[Away]:
    """Coming leave and lesser absences of a leader, in order; two queries."""
    today = timezone.localdate()
    rows = [
        Away(
            key=f"leave-{one.pk}",
            first=one.days.lower,
            last=one.days.upper - timedelta(days=1),
            part="",
        )
        for one in facilitator.leave.filter(days__endswith__gt=today)
    ]
    hours: dict[tuple[time | None, time | None], str] = {
        part.hours: part.value for part in HalfDay
    }
    lesser = AvailabilityException.objects.filter(
        person=facilitator.person_id, available=False, days__endswith__gt=today
    )
    rows += [
        Away(
            key=f"part-{one.pk}",
            first=one.days.lower,
            last=one.days.upper - timedelta(days=1),
            part=hours.get((one.start, one.end), ""),
        )
        for one in lesser
    ]
    return sorted(rows, key=lambda one: (one.first, one.key))


@transaction.atomic
def add_away(
    *, actor: Actor, facilitator: Facilitator, first: date, last: date, part: str = ""
) -> Leave | AvailabilityException:
    """Write down days of absence, whole or one part of them; the same twice is one.

    Raises
    ------
    django.core.exceptions.ValidationError
        For days in the past, in the wrong order, more than a year, or far away.
    """
    today = timezone.localdate()
    if last < today:
        raise ValidationError(_("These days are over. Choose days to come."))
    if last - first > LONGEST_LEAVE:
        raise ValidationError(_("That is longer than a year. Tell your coordinator."))
    if first > today + FARTHEST:
        raise ValidationError(_("Choose days within two years."))
    days = days_between(first, last)
    made: Leave | AvailabilityException
    if part:
        if part not in HalfDay.values:
            raise ValidationError(_("Choose a part of the day from the list."))
        start, end = HalfDay(part).hours
        facts = {"days": days, "start": start, "end": end, "available": False}
        known = AvailabilityException.objects.filter(
            person=facilitator.person_id, **facts
        ).first()
        made = known or save_checked(
            AvailabilityException(person=facilitator.person, **facts)
        )
    else:
        held = facilitator.leave.filter(days=days).first()
        made = held or save_checked(Leave(facilitator=facilitator, days=days))
    _log(actor, "leave.create", "C", facilitator.person_id, made.pk)
    return made


@transaction.atomic
def remove_away(*, actor: Actor, facilitator: Facilitator, key: str) -> bool:
    """Take back an absence of one's own, by its key; False if there is no such."""
    kind, _dash, number = key.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return False
    if kind == "leave":
        found = facilitator.leave.filter(pk=int(number))
    elif kind == "part":
        found = AvailabilityException.objects.filter(  # type: ignore[assignment]
            person=facilitator.person_id, available=False, pk=int(number)
        )
    else:
        return False
    gone, _rows = found.delete()
    if gone:
        _log(actor, "leave.delete", "D", facilitator.person_id, number)
    return bool(gone)


def _log(
    actor: Actor, code: str, action: str, person_id: int, object_id: object
) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=ADMINISTRATION,
        subjects=[person_id],
        object_kind=code.partition(".")[0],
        object_id=object_id,
    )
