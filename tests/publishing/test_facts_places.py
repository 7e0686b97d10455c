"""Keeping centres and rooms: found, changed, refused, and their opening hours."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from rooms.models import Centre, Room
from scheduling.words import span
from tests.factories import (
    CentreFactory,
    OpeningHoursFactory,
    OrganisationFactory,
    PlaceFactory,
    RoomBookingFactory,
    RoomFactory,
    SessionFactory,
    feature,
)
from tests.publishing.facts_pages import ahead, form_of, page, send, signed_in
from tests.web.html import faults

pytestmark = pytest.mark.django_db
CENTRES = "/gegevens/locaties/"
ROOMS = "/gegevens/ruimtes/"


def of_room(row: Room) -> str:
    return reverse("publishing:facts_room", args=[row.pk])


def of_centre(row: Centre) -> str:
    return reverse("publishing:facts_centre", args=[row.pk])


def test_rooms_are_searched_and_narrowed() -> None:
    small = RoomFactory(name="Huiskamer")
    small.features.add(feature("step-free"))
    RoomFactory(name="Zaal", active=False)
    client = signed_in()
    assert "Zaal</a>" in page(client, ROOMS)
    assert "Zaal</a>" not in page(client, f"{ROOMS}?gebruik=ja")
    assert "Zaal</a>" not in page(client, f"{ROOMS}?heeft=step-free")
    assert "Zaal</a>" not in page(client, f"{ROOMS}?centrum={small.centre_id}")
    assert "Huiskamer</a>" not in page(client, f"{ROOMS}?zoek=zaal")
    assert "Huiskamer</a>" in page(client, f"{ROOMS}?centrum=onzin")


def test_centres_are_searched_by_name_and_address() -> None:
    CentreFactory(name="Het Anker", address="Kade 3")
    CentreFactory(name="De Brink", address="Plein 1")
    client = signed_in()
    found = page(client, f"{CENTRES}?zoek=kade")
    assert "Het Anker</a>" in found
    assert "De Brink</a>" not in found


@pytest.mark.parametrize("address", [CENTRES, ROOMS, "/gegevens/"])
def test_a_list_asks_as_much_for_one_as_for_three(address: str) -> None:
    client, counts = signed_in(), []
    for number in (1, 2):
        for _one in range(number):
            RoomFactory().features.add(feature("step-free"))
        with CaptureQueriesContext(connection) as seen:
            page(client, address)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_another_owner_is_not_there() -> None:
    own = OrganisationFactory()
    theirs = RoomFactory(name="Van hen")
    client = signed_in(own)
    assert "Van hen" not in page(client, ROOMS)
    for address in (
        of_room(theirs),
        of_centre(theirs.centre),
        reverse("publishing:facts_centre_hours", args=[theirs.centre_id]),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {"act": "delete"}).status_code == 404
    assert AuditEvent.objects.filter(result="refused").count() == 6


def test_a_room_is_changed_and_that_is_logged() -> None:
    row = RoomFactory(capacity=10)
    ring = feature("hearing-loop")
    changes = {"capacity": "14", "changeover_minutes": "30", "features": [ring.pk]}
    send(signed_in(), of_room(row), **changes)
    row.refresh_from_db()
    assert (row.capacity, row.changeover_minutes) == (14, 30)
    assert list(row.features.all()) == [ring]
    event = AuditEvent.objects.get(event_code="room.update")
    assert event.object_id == str(row.pk)


def test_a_room_does_not_move_to_a_centre_of_others() -> None:
    own = OrganisationFactory()
    row = RoomFactory(centre__organisation=own)
    elsewhere = str(CentreFactory().pk)
    send(signed_in(own), of_room(row), 422, centre=elsewhere)


def test_the_same_name_twice_in_a_centre_is_told() -> None:
    row = RoomFactory(name="Zaal")
    other = RoomFactory(name="Hal", centre=row.centre)
    html = send(signed_in(), of_room(other), 422, name="Zaal").content.decode()
    assert "gem-summary" in html


def test_a_stale_room_is_not_overwritten() -> None:
    row = RoomFactory(capacity=10)
    client = signed_in()
    mine = form_of(page(client, of_room(row))) | {"capacity": "12"}
    row.features.add(feature("lift"))
    answer = client.post(of_room(row), mine)
    assert answer.status_code == 409
    row.refresh_from_db()
    assert row.capacity == 10


def test_a_room_out_of_use_says_what_is_planned_there() -> None:
    row = SessionFactory(period=ahead(7)).room
    client = signed_in()
    data = form_of(page(client, of_room(row)))
    del data["active"]
    answer = client.post(of_room(row), data, follow=True)
    row.refresh_from_db()
    assert not row.active
    assert "utrecht-alert--warning" in answer.content.decode()


def test_a_room_with_a_booking_is_not_deleted() -> None:
    row = RoomBookingFactory().room
    client = signed_in()
    assert 'value="delete"' not in page(client, of_room(row))
    assert client.post(of_room(row), {"act": "delete"}).status_code == 409
    assert Room.objects.filter(pk=row.pk).exists()
    send(client, of_room(RoomFactory()), act="delete")
    assert list(Room.objects.all()) == [row]


def test_a_centre_with_rooms_is_not_deleted_and_an_empty_one_is() -> None:
    row = RoomFactory().centre
    client = signed_in()
    assert client.post(of_centre(row), {"act": "delete"}).status_code == 409
    empty = OpeningHoursFactory().centre
    send(client, of_centre(empty), act="delete")
    assert list(Centre.objects.all()) == [row]


def test_a_centre_is_changed() -> None:
    row = CentreFactory()
    send(signed_in(), of_centre(row), name="De Kade", lat="52.3")
    row.refresh_from_db()
    assert (row.name, row.lat) == ("De Kade", 52.3)


def test_a_point_outside_the_country_is_told() -> None:
    html = send(signed_in(), of_centre(CentreFactory()), 422, lat="10").content
    assert b"gem-summary" in html


def test_a_coordinator_gives_the_opening_hours_of_a_centre() -> None:
    row = CentreFactory()
    address = reverse("publishing:facts_centre_hours", args=[row.pk])
    client = signed_in(row.organisation)
    assert "/locaties/" not in page(client, address).replace("/gegevens/locaties/", "")
    data: dict[str, Any] = {"act": "hours", "d2_0_from": "09:00", "d2_0_to": "17:00"}
    data["version"] = client.get(address).context["form"]["version"].value()
    assert client.post(address, data).status_code == 302
    hours = row.opening_hours.get()
    assert (hours.weekday, hours.start.hour, hours.end.hour) == (2, 9, 17)
    # A second coordinator had the page open: nothing is overwritten unseen.
    mine = data | {"d2_0_to": "21:00", "d5_0_from": "10:00", "d5_0_to": "12:00"}
    for old in (data["version"], "", "x"):
        answer = client.post(address, mine | {"version": old})
        html = answer.content.decode()
        assert (answer.status_code, faults(html)) == (409, [])
        assert [(now, you) for _, now, you in answer.context["newer"]] == [
            (span(time(9), time(17)), span(time(9), time(21))),
            ("dicht", span(time(10), time(12))),
        ]
        assert 'value="21:00"' in html
        assert row.opening_hours.get().end.hour == 17
    mine["version"] = answer.context["form"]["version"].value()
    assert client.post(address, mine).status_code == 302
    assert row.opening_hours.count() == 2


def test_a_new_centre_and_a_room_in_it() -> None:
    owner, place = OrganisationFactory(), PlaceFactory()
    client = signed_in(owner)
    page(client, f"{CENTRES}nieuw/")
    client.post(
        f"{CENTRES}nieuw/",
        {
            "name": "Het Anker",
            "kind": "village-hall",
            "address": "Kade 3",
            "place": place.pk,
            "organisation": owner.pk,
        },
    )
    centre = Centre.objects.get()
    assert (centre.code, centre.lat) == ("het-anker", place.lat)
    page(client, f"{ROOMS}nieuw/?centrum={centre.pk}")
    data = {"name": "Zaal", "capacity": "20", "centre": centre.pk}
    answer = client.post(f"{ROOMS}nieuw/", data)
    assert answer["Location"] == of_room(Room.objects.get(centre=centre))
    again = client.post(f"{ROOMS}nieuw/", data)
    assert again.status_code == 422
    assert "gem-summary" in again.content.decode()
