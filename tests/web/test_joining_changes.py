"""Missing dates, swapping, pausing, waiting for several: own seats only, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from courses import services
from courses.models import Enrolment, Registration, Series
from tests.browser import axe, show, small_targets, too_wide
from tests.factories import EnrolmentFactory, RegistrationFactory
from tests.web.html import faults
from tests.web.offer_data import Region, a_region, a_series, next_weekday

PAGES = ("absent", "swap", "pause")


@pytest.fixture
def region(db: Any) -> Region:
    return a_region()


@pytest.fixture
def noor(client: Client, region: Region) -> Client:
    client.force_login(region.resident.person.user)
    return client


def a_seat(region: Region, series: Series) -> Enrolment:
    registration = RegistrationFactory(resident=region.resident, state="placed")
    return EnrolmentFactory(registration=registration, series=series)


def open_group(region: Region) -> Series:
    grief = region.series["full"].offering
    return a_series(grief, None, first=next_weekday(5), hour=19)


def page(name: str, pk: int) -> str:
    return reverse(f"courses:{name}", args=[pk])


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_sound_and_change_nothing_when_looked_at(
    noor: Client, region: Region, name: str
) -> None:
    seat = a_seat(region, region.series["money"])
    answer = noor.get(page(name, seat.pk))
    assert (answer.status_code, faults(answer.content.decode())) == (200, [])
    seat.refresh_from_db()
    assert (seat.state, seat.absences.count()) == ("enrolled", 0)
    shown = noor.get(reverse("courses:joined", args=[seat.series_id]))
    assert faults(shown.content.decode()) == []
    assert page("absent", seat.pk) in shown.content.decode()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_s_seat_is_not_there_and_that_is_logged(
    noor: Client, region: Region, name: str, method: str
) -> None:
    other = region.series["full"].enrolments.get()
    for pk in (other.pk, 987654321):
        assert getattr(noor, method)(page(name, pk)).status_code == 404
    refused = AuditEvent.objects.filter(result="refused")
    assert {one.object_id for one in refused} == {str(other.pk), "987654321"}
    other.refresh_from_db()
    assert other.state == "enrolled"


def test_dates_are_missed_and_taken_back(noor: Client, region: Region) -> None:
    seat = a_seat(region, region.series["money"])
    first, *_others = seat.series.sessions.order_by("period")
    noor.post(page("absent", seat.pk), {"session": [str(first.pk), "no-session"]})
    assert [one.session for one in seat.absences.all()] == [first]
    text = noor.get(page("absent", seat.pk)).content.decode()
    assert text.count(" checked") == 1
    shown = noor.get("/mijn-afspraken/").context
    coming = [one for day in (*shown["soon"], *shown["later"]) for one in day.sessions]
    assert [one for one in coming if one.missed] == [first]
    joined = noor.get(reverse("courses:joined", args=[seat.series_id]))
    assert joined.context["missed"] == {first.pk}
    assert faults(joined.content.decode()) == []
    noor.post(page("absent", seat.pk))
    assert seat.absences.count() == 0


def test_a_swap_is_one_press(noor: Client, region: Region) -> None:
    seat = a_seat(region, region.series["money"])
    other = region.series["money in Olst"]
    answer = noor.post(page("swap", seat.pk), {"series": str(other.pk)})
    assert answer.url == reverse("courses:joined", args=[other.pk])
    seats = Enrolment.objects.filter(resident=region.resident).order_by("pk")
    assert [one.state for one in seats] == ["withdrawn", "enrolled"]
    wrong = noor.post(page("swap", seats[1].pk), {"series": "<script>"})
    assert wrong.url == page("swap", seats[1].pk)


def test_a_pause_and_back(noor: Client, region: Region) -> None:
    seat = a_seat(region, open_group(region))
    assert noor.post(page("pause", seat.pk), {"weeks": "9999"}).status_code == 400
    assert noor.post(page("pause", seat.pk), {}).status_code == 400
    assert noor.post(page("pause", seat.pk), {"weeks": "4"}).url == "/mijn-afspraken/"
    paused = Registration.objects.get(resident=region.resident)
    assert paused.paused_until == timezone.localdate() + timedelta(weeks=4)
    shown = noor.get(reverse("courses:joined", args=[seat.series_id])).content.decode()
    assert page("rejoin", paused.pk) in shown
    noor.post(page("rejoin", paused.pk))
    paused.refresh_from_db()
    assert (paused.paused_until, paused.state) == (None, "offered")
    noor.post(page("rejoin", paused.pk))  # pressed twice
    other = RegistrationFactory(paused_until=timezone.localdate() + timedelta(days=9))
    assert noor.post(page("rejoin", other.pk)).status_code == 404


def test_with_a_companion_and_for_any_of_several(noor: Client, region: Region) -> None:
    full, other = region.series["full"], open_group(region)
    Series.objects.filter(pk=other.pk).update(size_min=0, size_max=1)
    EnrolmentFactory(series=other)
    join = reverse("courses:join", args=[full.pk])
    assert str(other.pk) in noor.get(join).content.decode()
    noor.post(join, {"companion": "on", "also": [str(other.pk), "nonsense"]})
    asking = Registration.objects.get(resident=region.resident)
    assert (asking.seats, asking.state) == (2, "waiting")
    assert [one.series for one in asking.choices.all()] == [full, other]


def three_full_groups(region: Region) -> Series:
    """The first of three groups of one course; they are full."""
    full = region.series["full"]
    for day in (3, 5):
        room = region.rooms["Deventer Bovenzaal"]
        first = next_weekday(day)
        other = a_series(full.offering, room, first=first, hour=9, size_max=1)
        EnrolmentFactory(series=other)
    return full


@pytest.mark.needs("chromium", "axe")
def test_numbers_of_groups_have_no_barriers(
    noor: Client, region: Region, page: Any
) -> None:
    join = reverse("courses:join", args=[three_full_groups(region).pk])
    show(page, noor.get(join).content.decode())
    assert page.locator("select").count() == 3
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert [*axe(page), *too_wide(page), *small_targets(page)] == [], width


def test_the_resident_says_which_group_comes_first(
    noor: Client, region: Region
) -> None:
    full = three_full_groups(region)
    join = reverse("courses:join", args=[full.pk])
    page_before = noor.get(join)
    assert faults(page_before.content.decode()) == []
    early, late = (card.series for card in page_before.context["also"])
    for series in (full, early, late):
        assert f'name="rank-{series.pk}"' in page_before.content.decode()
    numbers = {full.pk: "3", early.pk: "2", late.pk: "1", 7: "nonsense"}
    noor.post(
        join,
        {"also": [str(early.pk), str(late.pk)]}
        | {f"rank-{pk}": number for pk, number in numbers.items()},
    )
    asking = Registration.objects.get(resident=region.resident)
    assert [one.series for one in asking.choices.all()] == [late, early, full]
    for series in (early, late):  # both come free: the offer is of what comes first
        Series.objects.filter(pk=series.pk).update(size_max=2)
    services.sweep(actor=Actor.system("test"))
    assert asking.enrolments.get(state="offered").series == late


def test_the_own_limits_are_shown_before_the_press(
    noor: Client, region: Region
) -> None:
    type(region.resident).objects.update(travel_limit_minutes=5)
    series = region.series["money"]
    answer = noor.get(reverse("courses:join", args=[series.pk]))
    assert len(answer.context["cautions"]) == 1
    assert faults(answer.content.decode()) == []
    assert noor.post(reverse("courses:join", args=[series.pk])).status_code == 302
    assert series.enrolments.count() == 1
