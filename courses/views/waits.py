"""What a resident waits for, with the own number in turn, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses import words
from courses.enums import RegistrationState
from courses.models import Offering, Registration, RegistrationChoice, Series
from courses.selectors.own_turn import own_numbers
from courses.selectors.queue import own_positions

ASKING = (
    RegistrationState.WAITING,
    RegistrationState.INTEREST,
    RegistrationState.INTRODUCTION,
)
"""States of an asking that has no place and no offer."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing a resident waits for; `number` is the own place in turn, 1 is next."""

    registration: Registration
    title: str
    code: str = ""
    when: str = ""
    series: Series | None = None
    number: int | None = None

    @property
    def is_paused(self) -> bool:
        """Whether nothing is offered for now, because the resident asked for that."""
        until = self.registration.paused_until
        return until is not None and until > timezone.localdate()

    @property
    def turn(self) -> str:
        """A sentence: the own number among those who wait for the same, or why none."""
        if self.registration.state != RegistrationState.WAITING:
            return _("You are not on the list yet. First we talk with you.")
        until = self.registration.paused_until
        if self.is_paused and until is not None:
            return _("You paused until %(day)s. Your turn stays.") % {
                "day": date_format(until, "j F Y")
            }
        if self.number is None:
            return _("We look for a group that fits you.")
        if self.series is not None:
            sentence = _("You are number %(number)s on the list.")
        else:
            sentence = _("You are number %(number)s of those who wait for this.")
        return sentence % {"number": self.number}


def waits_of(registrations: Sequence[Registration]) -> list[Waiting]:
    """What is waited for, each wish of `registrations_of` once; at most ten reads."""
    asking = [one for one in registrations if one.state in ASKING]
    places = own_positions(registration_ids=[one.pk for one in asking])
    numbers = own_numbers(registrations=asking)
    return [
        wait
        for one in asking
        for wait in (*_chosen(one, places, numbers), *_wished(one, numbers))
    ]


def _chosen(
    registration: Registration, places: dict, numbers: dict
) -> Iterator[Waiting]:
    for choice in registration.choices.all():
        offering = _offering_of(choice)
        if offering is None:
            continue
        number = (
            places.get((registration.pk, choice.series_id))
            if choice.series_id is not None
            else numbers.get((registration.pk, ("offering", choice.offering_id)))
        )
        yield Waiting(
            registration=registration,
            title=offering.title,
            code=offering.code if offering.in_catalogue else "",
            when=_when(choice),
            series=choice.series,
            number=number,
        )


def _wished(registration: Registration, numbers: dict) -> Iterator[Waiting]:
    if registration.offering is not None:
        yield Waiting(
            registration=registration,
            title=registration.offering.title,
            number=numbers.get(
                (registration.pk, ("offering", registration.offering_id))
            ),
        )
    if registration.theme is not None:
        yield Waiting(
            registration=registration,
            title=str(registration.theme),
            number=numbers.get((registration.pk, ("theme", registration.theme_id))),
        )


def _offering_of(choice: RegistrationChoice) -> Offering | None:
    """What a choice is of: an offering itself, or that of its group or meeting."""
    if choice.offering is not None:
        return choice.offering
    series = choice.session.series if choice.session is not None else choice.series
    return series.offering if series is not None else None


def _when(choice: RegistrationChoice) -> str:
    """When the chosen group or meeting is; empty for any group of an offering."""
    if choice.session is not None:
        start = timezone.localtime(choice.session.period.lower)
        return _("%(day)s at %(time)s") % {
            "day": date_format(start, "l j F"),
            "time": date_format(start, "H.i"),
        }
    return words.usual_time(choice.series) if choice.series is not None else ""
