"""When, where and for whom, in plain words; every page tells it the same way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext

from courses.kinds import WayIn
from courses.models import Offering, Series, Session
from people.enums import HalfDay, Language, TravelMode

DAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
PARTS_OF_DAY = {
    HalfDay.MORNING: gettext_lazy("%(day)s morning"),
    HalfDay.AFTERNOON: gettext_lazy("%(day)s afternoon"),
    HalfDay.EVENING: gettext_lazy("%(day)s evening"),
}
JOURNEYS = {
    TravelMode.WALK: ngettext_lazy(
        "%(minutes)s minute on foot", "%(minutes)s minutes on foot", "minutes"
    ),
    TravelMode.BICYCLE: ngettext_lazy(
        "%(minutes)s minute by bicycle", "%(minutes)s minutes by bicycle", "minutes"
    ),
    TravelMode.PUBLIC_TRANSPORT: ngettext_lazy(
        "%(minutes)s minute by public transport",
        "%(minutes)s minutes by public transport",
        "minutes",
    ),
    TravelMode.CAR: ngettext_lazy(
        "%(minutes)s minute by car", "%(minutes)s minutes by car", "minutes"
    ),
}


def day_words(day: date) -> str:
    """'24 november', with the year when that is not this one."""
    this_year = day.year == timezone.localdate().year
    return date_format(day, "j F" if this_year else "j F Y")


def long_day(day: date) -> str:
    """'dinsdag 24 november', with the year when that is not this one."""
    return f"{date_format(day, 'l')} {day_words(day)}"


def local_day(at: datetime) -> str:
    """'dinsdag 24 november' on the Amsterdam clock."""
    return long_day(timezone.localdate(at))


def clock(moment: time) -> str:
    """'10.00' in Dutch, '10:00' in English."""
    return time_format(moment, pgettext("time of day", "H:i"))


def hours(start: datetime, end: datetime) -> str:
    """'10.00 tot 12.00 uur' on the Amsterdam clock."""
    begin, over = timezone.localtime(start), timezone.localtime(end)
    return _("%(start)s to %(end)s") % {
        "start": clock(begin.time()),
        "end": clock(over.time()),
    }


def moment(at: datetime) -> str:
    """'dinsdag 24 november, 10.00 uur' on the Amsterdam clock."""
    local = timezone.localtime(at)
    return _("%(day)s at %(time)s") % {
        "day": long_day(local.date()),
        "time": clock(local.time()),
    }


def session_hours(session: Session) -> str:
    """The hours of one meeting."""
    return hours(session.period.lower, session.period.upper)


def session_day(session: Session) -> date:
    """The Amsterdam day on which a meeting begins."""
    return timezone.localdate(session.period.lower)


def rhythm(series: Series) -> str:
    """'8 keer op dinsdagochtend, vanaf 24 november', and what differs from that."""
    offering = series.offering
    if offering.session_minutes is None:
        return _("Whenever you want, at your own pace")
    if series.weekday is None or series.start_time is None:
        return ""
    on = _day_part(series.weekday, series.start_time)
    every = offering.every_weeks
    number = series.number_of_sessions
    begun = series.first_date is not None and series.first_date < timezone.localdate()
    if number is None:
        return _every(on, every)
    if number == 1:
        day = series.first_date
        return long_day(day) if day else on
    words: dict[str, Any] = {"number": number, "day": on, "weeks": every}
    if begun:
        words["number"] = len(series.coming_sessions)
        return (
            ngettext(
                "%(number)s more time on %(day)s",
                "%(number)s more times on %(day)s",
                words["number"],
            )
            % words
        )
    if series.first_date is None:
        return _("%(number)s times on %(day)s") % words
    words["date"] = day_words(series.first_date)
    if every == 1:
        return _("%(number)s times on %(day)s, from %(date)s") % words
    if every == 2:
        return _("%(number)s times on %(day)s, every other week, from %(date)s") % words
    return (
        _("%(number)s times on %(day)s, every %(weeks)s weeks, from %(date)s") % words
    )


def usual_time(series: Series) -> str:
    """'Elke dinsdagochtend, 10.00 tot 12.00 uur'; for a series without its dates."""
    minutes = series.offering.session_minutes
    if minutes is None:
        return _("Whenever you want, at your own pace")
    if series.weekday is None or series.start_time is None:
        return ""
    on = _every(
        _day_part(series.weekday, series.start_time), series.offering.every_weeks
    )
    start = datetime.combine(timezone.localdate(), series.start_time)
    end = start + timedelta(minutes=minutes)
    span = _("%(start)s to %(end)s") % {
        "start": clock(start.time()),
        "end": clock(end.time()),
    }
    return f"{on}, {span}"


def _every(on: str, every: int) -> str:
    words = {"day": on, "weeks": every}
    if every == 1:
        return _("Every %(day)s") % words
    if every == 2:
        return _("Every other %(day)s") % words
    return _("On %(day)s, every %(weeks)s weeks") % words


def _day_part(weekday: int, start: time) -> str:
    """'dinsdagochtend' in Dutch, 'Tuesday morning' in English."""
    return str(PARTS_OF_DAY[HalfDay.at(start)]) % {"day": DAYS[weekday - 1]}


def place(series: Series) -> str:
    """Where a group meets: its centre and town, or that it is online or at home."""
    return place_of(series.offering, series.room)


def place_of(offering: Offering, room: Any) -> str:
    """As `place`, for a meeting in this room, or in none."""
    if room is not None:
        centre = room.centre
        if centre.place.name in centre.name:
            return str(centre.name)
        return f"{centre.name}, {centre.place.name}"
    if offering.session_minutes is None:
        return _("At home, on your telephone or computer")
    if offering.format == "in_person":
        return _("The place will follow")
    return _("Online, with a video call")


def journey(minutes: int, mode: str) -> str:
    """'14 minuten fietsen'."""
    if minutes == 0:
        return _("in your own town or village")
    return JOURNEYS[TravelMode(mode)] % {"minutes": minutes}


def group(series: Series) -> str:
    """How large the group is, and in which language if that is not Dutch."""
    most = series.largest
    if series.offering.session_minutes is None:
        words = _("You work on your own.")
        if series.offering.coach_minutes_per_week:
            words = _("You work on your own, and a coach reads along.")
    elif series.offering.policy.way_in == WayIn.WALK_IN:
        words = _("Everybody is welcome.")
    elif most == 1:
        words = _("You talk with a helper, without a group.")
    elif most <= 8:
        words = _("Small group, at most %(most)s people.") % {"most": most}
    else:
        words = _("Group of at most %(most)s people.") % {"most": most}
    language = series.offering.language
    if language != Language.DUTCH:
        words += " " + _("The language is %(language)s.") % {
            "language": Language(language).label
        }
    return words


def ages(offering: Offering) -> str:
    """For which ages it is; empty when for all."""
    if offering.age_min is not None and offering.age_max is not None:
        return _("For people of %(low)s to %(high)s years.") % {
            "low": offering.age_min,
            "high": offering.age_max,
        }
    if offering.age_min is not None:
        return _("For people of %(low)s years and older.") % {"low": offering.age_min}
    if offering.age_max is not None:
        return _("For people of up to %(high)s years.") % {"high": offering.age_max}
    return ""
