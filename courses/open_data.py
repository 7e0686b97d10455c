"""The offer for other sites: schema.org on each page, HSDS as a list. Never a person.

schema.org: Course and CourseInstance, with Schedule for the rhythm. HSDS: Open
Referral's Human Services Data Specification 3.0 (service, location, schedule), which
social maps read.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe

from courses.cards import Card
from courses.kinds import Format, WayIn
from courses.models import Offering, Series

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONE = "Europe/Amsterdam"
MODES = {
    Format.IN_PERSON: "onsite",
    Format.ONLINE: "online",
    Format.HYBRID: "blended",
}
ELIGIBLE = {
    WayIn.FREE: "Iedereen kan zich aanmelden. Een verwijzing is niet nodig.",
    WayIn.WALK_IN: "Iedereen kan binnenlopen. Aanmelden is niet nodig.",
    WayIn.REFERRAL: "Alleen met een verwijzing.",
}


def offering_as_course(
    request: HttpRequest, offering: Offering, cards: Iterable[Card]
) -> SafeString:
    """schema.org data of one offering as a data block for its page.

    A block of this type is no script: a browser never runs it, so the content
    security policy has no say in it. What could end it is escaped.
    """
    url = request.build_absolute_uri(reverse("courses:offering", args=[offering.code]))
    data = {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": url,
        "url": url,
        "name": offering.title,
        "description": offering.summary or offering.title,
        "inLanguage": offering.language,
        "provider": {"@type": "Organization", "name": offering.organisation.name},
        "hasCourseInstance": [_instance(offering, card.series) for card in cards],
    }
    plain = json_script(data, encoder=DjangoJSONEncoder)
    kind = plain.replace('type="application/json"', 'type="application/ld+json"', 1)
    return mark_safe(kind)  # noqa: S308 (json_script escaped what could end it)


def _instance(offering: Offering, series: Series) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "CourseInstance",
        "courseMode": MODES[Format(offering.format)],
        "maximumAttendeeCapacity": series.largest,
    }
    if series.coming_sessions:
        data["startDate"] = series.coming_sessions[0].period.lower.isoformat()
    if series.room is not None:
        centre = series.room.centre
        data["location"] = {
            "@type": "Place",
            "name": centre.name,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": centre.address,
                "addressLocality": centre.place.name,
                "addressCountry": "NL",
            },
        }
    hours = _hours(series)
    if hours is not None and series.weekday is not None:
        data["courseSchedule"] = {
            "@type": "Schedule",
            "byDay": f"https://schema.org/{DAYS[series.weekday - 1]}",
            "startTime": hours[0],
            "endTime": hours[1],
            "repeatFrequency": f"P{offering.every_weeks}W",
            "scheduleTimezone": ZONE,
            **(
                {"repeatCount": series.number_of_sessions}
                if series.number_of_sessions
                else {}
            ),
        }
    return data


def _hours(series: Series) -> tuple[str, str] | None:
    """Start and end on the clock; None without them."""
    minutes = series.offering.session_minutes
    if series.start_time is None or minutes is None:
        return None
    start = datetime.combine(timezone.localdate(), series.start_time)
    end = start + timedelta(minutes=minutes)
    return f"{start:%H:%M}", f"{end:%H:%M}"


# --- HSDS --------------------------------------------------------------------------


def as_services(
    request: HttpRequest, offerings: Sequence[Offering], series: Iterable[Series]
) -> list[dict[str, Any]]:
    """HSDS services, each with its schedules at its locations."""
    groups: dict[int, list[Series]] = {}
    for one in series:
        groups.setdefault(one.offering_id, []).append(one)
    return [_service(request, one, groups.get(one.pk, [])) for one in offerings]


def _service(
    request: HttpRequest, offering: Offering, series: Sequence[Series]
) -> dict[str, Any]:
    url = request.build_absolute_uri(reverse("courses:offering", args=[offering.code]))
    organisation = offering.organisation
    data: dict[str, Any] = {
        "id": _id(url),
        "name": offering.title_nl,
        "alternate_name": offering.title_en,
        "description": offering.summary_nl,
        "url": url,
        "status": "active",
        "eligibility_description": ELIGIBLE.get(offering.policy.way_in, ""),
        "organization": {
            "id": _id(f"organisation:{organisation.code}"),
            "name": organisation.name,
            "description": organisation.name,
        },
        "languages": [{"id": _id(f"{url}#language"), "code": offering.language}],
        "schedules": [_schedule(one) for one in series if one.room is None],
        "service_at_locations": [
            _at_location(one) for one in series if one.room is not None
        ],
    }
    if offering.age_min is not None:
        data["minimum_age"] = offering.age_min
    if offering.age_max is not None:
        data["maximum_age"] = offering.age_max
    return data


def _at_location(series: Series) -> dict[str, Any]:
    assert series.room is not None  # noqa: S101 (for the type checker)
    centre = series.room.centre
    return {
        "id": _id(f"series:{series.pk}:location"),
        "location": {
            "id": _id(f"centre:{centre.code}"),
            "location_type": "physical",
            "name": centre.name,
            "latitude": centre.lat,
            "longitude": centre.lon,
            "addresses": [
                {
                    "id": _id(f"centre:{centre.code}:address"),
                    "address_1": centre.address,
                    "city": centre.place.name,
                    "state_province": centre.place.municipality.name,
                    "postal_code": centre.place.postcode4,
                    "country": "NL",
                    "address_type": "physical",
                }
            ],
        },
        "schedules": [_schedule(series)],
    }


def _schedule(series: Series) -> dict[str, Any]:
    data: dict[str, Any] = {"id": str(series.pk), "attending_type": "physical"}
    if series.room is None:
        data["attending_type"] = "online"
    hours = _hours(series)
    if hours is None or series.weekday is None:
        return data
    data |= {
        "freq": "WEEKLY",
        "interval": series.offering.every_weeks,
        "byday": BYDAY[series.weekday - 1],
        "opens_at": hours[0],
        "closes_at": hours[1],
    }
    if series.first_date is not None:
        data["dtstart"] = series.first_date.isoformat()
    if series.coming_sessions and series.number_of_sessions:
        last = series.coming_sessions[-1].period.lower
        data["until"] = timezone.localdate(last).isoformat()
    return data


def _id(text: str) -> str:
    """A UUID that stays the same for the same thing."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))
