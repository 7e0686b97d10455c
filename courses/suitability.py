"""May this resident join this series himself? Whole sentences when not.

The planner judges the same questions for its plans; this is for the moment a
resident presses a button. Nothing here says anything about another person.

Two kinds of answers. An *objection* is what nobody can set aside: age, a referral, two
meetings at one time. A *caution* is a limit that the resident set: pace, journey, what
a room must have. Who chooses a group oneself may set it aside, in as many words; what
the program offers by itself never goes past one.

That two people must be kept apart is never an answer to one of them: whoever tries the
groups one by one would learn where the other goes. It makes somebody wait
(`stays_away`) in the words of a full group, and is named to who plans alone
(`for_planner`). What is left to see is the number of free places, which is public.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from courses import words
from courses.clashes import Dates, first_clash, most_at_once, too_much
from courses.enums import RUNNING_STATES
from courses.fitting import ONE_BY_ONE, Reading
from courses.kinds import WayIn
from courses.models import Registration, Series
from people.enums import AccessNeed, Language
from people.selectors.joining import JoiningFacts


def objections(
    *,
    resident_id: int,
    series: Series,
    registration: Registration | None = None,
    waits: bool = False,
    leaving: object = None,
    for_planner: bool = False,
    reading: Reading = ONE_BY_ONE,
) -> list[str]:
    """Why the resident cannot have a seat in, or wait for, the series; [] if he can.

    `for_planner` is for the lists and for who plans, never for a page of a resident:
    then somebody he must be kept apart from counts too.

    `series` comes with its offering. A registration, where there is one, tells
    which levels of care a professional allowed. Who only `waits` may have something
    else at that time still; `leaving` is the id of a series given up for this one.
    `reading` answers the questions; who compares many reads them `Together`.
    """
    found = [*of_the_series(series, registration, reading)]
    if found:
        return found
    facts = reading.facts(resident_id)
    found = _of_the_resident(resident_id, series, facts, reading)
    if not found and for_planner and reading.apart(facts, [series.pk]):
        found = [
            _("Somebody who must be kept apart from this person is in this group.")
        ]
    if found or waits:
        return found
    dates = reading.dates(resident_id, facts.person_id, series, leaving)
    return _of_the_dates(dates, facts, reading)


def of_the_series(
    series: Series, registration: Registration | None, reading: Reading = ONE_BY_ONE
) -> list[str]:
    """Why nobody, or nobody without a referral, can join this series; of no person."""
    policy = series.offering.policy
    if series.state not in RUNNING_STATES:
        return [_("You cannot join this group now. Choose another group.")]
    if not policy.takes_registrations:
        return [_("You can walk in here. You do not need to enrol.")]
    allowed = registration.allowed_levels if registration is not None else []
    if policy.way_in == WayIn.REFERRAL and policy.level_of_care not in allowed:
        return [_("You need a referral for this. Ask your doctor or social worker.")]
    if policy.needs_reason_code and (
        registration is None or registration.one_to_one_reason_id is None
    ):
        return [
            _("One-to-one help is arranged together with you. Ask your care worker.")
        ]
    closed_after = series.offering.closed_after_session
    if closed_after is not None and reading.held(series) >= closed_after:
        return [_("This group has already started. Choose a later group.")]
    return []


def _of_the_resident(
    resident_id: int, series: Series, facts: JoiningFacts, reading: Reading
) -> list[str]:
    offering = series.offering
    if facts.birth_year is not None:
        first = series.first_date or timezone.localdate()
        oldest = first.year - facts.birth_year
        if offering.age_min is not None and oldest < offering.age_min:
            return [
                _("This group is for people of %(age)s years and older.")
                % {"age": offering.age_min}
            ]
        if offering.age_max is not None and oldest - 1 > offering.age_max:
            return [
                _("This group is for people of up to %(age)s years.")
                % {"age": offering.age_max}
            ]
    first_id = offering.prerequisite_id
    if first_id is not None and not reading.finished(resident_id, first_id):
        return [
            _("You first need to finish “%(title)s”.")
            % {"title": offering.prerequisite.title if offering.prerequisite else ""}
        ]
    if reading.leads(facts.person_id, series):
        return [_("You lead this group yourself. Choose another group.")]
    return []


def stays_away(*, resident_id: int, series: Series) -> bool:
    """Whether somebody he must be kept apart from is in the group, or leads it.

    Used by the program only. Such a resident waits, as for a full group.
    """
    return bool(apart_in(resident_id=resident_id, series_ids=[series.pk]))


def apart_in(*, resident_id: int, series_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """In which of these groups somebody is whom he must be kept apart from.

    For the program and for who plans. At most four queries.
    """
    return ONE_BY_ONE.apart(ONE_BY_ONE.facts(resident_id), list(series_ids))


def _of_the_dates(dates: Dates, facts: JoiningFacts, reading: Reading) -> list[str]:
    by = partial(reading.minutes, mode=facts.travel_mode)
    clash = first_clash(dates, between=by)
    if clash is None:
        return []
    return [
        _("You already have an appointment around that time on %(day)s.")
        % {"day": words.long_day(clash.day)}
    ]


def cautions(
    *,
    resident_id: int,
    series: Series,
    leaving: object = None,
    reading: Reading = ONE_BY_ONE,
) -> list[str]:
    """What the resident once said that this group does not meet; [] if it all fits.

    Language, form, what a room must have, the journey and the pace.
    """
    facts = reading.facts(resident_id)
    offering = series.offering
    found: list[str] = []
    if offering.language not in facts.languages:
        found.append(
            _("The language is %(language)s.")
            % {"language": Language(offering.language).label}
        )
    if facts.format_wishes and offering.format not in facts.format_wishes:
        found.append(_("You told us that you want to take part in another way."))
    found += _of_the_room(series, facts, reading)
    found += _of_the_journey(series, facts, reading)
    dates = reading.dates(resident_id, facts.person_id, series, leaving)
    if too_much(dates, facts):
        week, _day = most_at_once(dates)
        found.append(
            _(
                "You then have %(number)s meetings in one week. "
                "That is more than you want."
            )
            % {"number": week}
            if week > facts.pace_per_week
            else _("You then have two meetings on one day. That is more than you want.")
        )
    return found


def _of_the_room(series: Series, facts: JoiningFacts, reading: Reading) -> list[str]:
    if series.room is None:
        return []
    missing = facts.access_needs - reading.features(series)
    if not missing:
        return []
    labels = sorted(str(AccessNeed(need).label) for need in missing)
    return [
        _("The room does not have what you need: %(needs)s.")
        % {"needs": ", ".join(labels)}
    ]


def _of_the_journey(series: Series, facts: JoiningFacts, reading: Reading) -> list[str]:
    if series.room is None or facts.place is None:
        return []
    centre = series.room.centre.place
    by_place = reading.minutes([facts.place, centre], facts.travel_mode)
    minutes = by_place[facts.place.pk, centre.pk]
    if minutes <= facts.travel_limit_minutes:
        return []
    return [
        _("The journey takes %(minutes)s minutes. You told us: at most %(limit)s.")
        % {"minutes": minutes, "limit": facts.travel_limit_minutes}
    ]


def fits_unasked(*, resident_id: int, series: Series) -> bool:
    """Whether a group suits someone who asked for its offering, not for this series.

    Who chose the series himself decided that himself.
    """
    return not cautions(resident_id=resident_id, series=series)
