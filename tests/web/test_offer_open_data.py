"""The offer for other sites, the dates of a group, and where a postcode lies."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import icalendar
import pytest
from django.test import Client

from courses.near import by_postcode
from courses.selectors.offer_index import runs, themes_by_offer
from people.models import Person
from tests.factories import OfferingFactory
from tests.web.html import faults
from tests.web.offer_data import Region, a_region, a_series, next_weekday

SERVICES = "/open/hsds/services"


@pytest.fixture
def region(db: Any) -> Region:
    return a_region()


def block(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert found is not None
    return json.loads(found.group(1))


def test_a_page_tells_machines_what_it_tells_people(
    client: Client, region: Region
) -> None:
    data = block(client.get("/aanbod/omgaan-met-geld/").content.decode())
    assert (data["@type"], data["name"]) == ("Course", "Omgaan met geld")
    towns = {
        one["location"]["address"]["addressLocality"]
        for one in data["hasCourseInstance"]
    }
    assert towns == {"Deventer", "Olst"}
    evening = next(
        one
        for one in data["hasCourseInstance"]
        if one["courseSchedule"]["startTime"] == "19:00"
    )
    assert evening["courseSchedule"]["repeatCount"] == 4
    assert evening["courseSchedule"]["endTime"] == "21:00"


def test_no_title_ends_the_data_block(client: Client, region: Region) -> None:
    evil = "</script><script>alert(1)</script>"
    offering = OfferingFactory(code="evil", title_nl=evil, summary_nl=evil)
    a_series(offering, None, first=next_weekday(2), hour=9)
    text = client.get("/aanbod/evil/").content.decode()
    assert faults(text) == []
    assert "<script>alert" not in text
    assert block(text)["name"] == evil


def test_services_hold_the_offer_and_nobody(client: Client, region: Region) -> None:
    Person.objects.update(call_name="Quirijn")
    answer = client.get(SERVICES)
    data = answer.json()
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (data["total_items"], data["first_page"], data["last_page"]) == (
        6,
        True,
        True,
    )
    assert "Quirijn" not in answer.content.decode()
    money = next(one for one in data["contents"] if one["name"] == "Omgaan met geld")
    places = {one["location"]["name"] for one in money["service_at_locations"]}
    assert places == {"Zelfregiecentrum De Kade", "Dorpshuis Het Hof"}
    (schedule,) = money["service_at_locations"][0]["schedules"]
    assert (schedule["freq"], schedule["interval"]) == ("WEEKLY", 1)
    again = client.get(SERVICES, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_services_come_in_pages_of_equal_cost(
    client: Client, region: Region, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12) as one:
        client.get(SERVICES, {"per_page": "1"})
    with django_assert_max_num_queries(len(one)):
        assert client.get(SERVICES, {"per_page": "3", "page": "2"}).json()["size"] == 3
    assert client.get(SERVICES, {"page": "99"}).json()["empty"] is True


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "", "1e9", "9" * 40, "²"])
def test_a_wrong_page_is_a_named_fault(
    client: Client, region: Region, wrong: str
) -> None:
    answer = client.get(SERVICES, {"page": wrong})
    assert answer.status_code == 400
    assert "page" in answer.json()["title"]


def test_the_dates_of_a_group_are_a_calendar_file(
    client: Client, region: Region
) -> None:
    series = region.series["money"]
    answer = client.get(f"/meedoen/{series.pk}/data.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(one["UID"]) for one in events} == {
        str(pk) for pk in series.sessions.values_list("pk", flat=True)
    }
    assert {str(one["SUMMARY"]) for one in events} == {"Omgaan met geld"}
    assert (
        client.get(f"/meedoen/{region.series['sleep'].pk}/data.ics").status_code == 404
    )


def test_plain_rows_say_what_the_whole_rows_say(region: Region) -> None:
    found = {run.series_id: run for run in runs()}
    assert set(found) == {one.pk for one in region.series.values()}
    money = found[region.series["money"].pk]
    assert (money.town, money.open, money.held) == ("Deventer", 8, 0)
    assert found[region.series["full"].pk].open == 0
    assert found[region.series["sleep"].pk].place_id is None
    groups = {theme.code: theme.groups for theme in themes_by_offer()}
    assert groups == {
        "geld": 2,
        "rouw": 1,
        "stress": 2,
        "alleen-zijn": 1,
        "wonen": 0,
        "werk-school": 0,
    }


@pytest.mark.parametrize(
    ("digits", "name"),
    [("8121", "Olst"), ("8123", "Olst"), ("8129", "Wijhe"), ("8160", None)],
)
def test_a_postcode_is_the_place_with_the_nearest_number(
    digits: str, name: str | None
) -> None:
    places = [
        SimpleNamespace(name="Olst", postcode4="8121"),
        SimpleNamespace(name="Wijhe", postcode4="8131"),
        SimpleNamespace(name="Zonder", postcode4=""),
    ]
    found = by_postcode(places, digits)
    assert (found.name if found else None) == name
    assert by_postcode([], digits) is None
