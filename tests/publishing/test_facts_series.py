"""Keeping series: limits while they are to be planned, and then going on or not."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from courses.models import Enrolment, Series
from messaging.models import OutboxMessage
from publishing.services.calendar import differences, mirror_series
from tests.factories import (
    EnrolmentFactory,
    FacilitatorFactory,
    OfferingFactory,
    OrganisationFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    SeriesFactory,
    SeriesLeaderFactory,
    SeriesWindowFactory,
    SessionFactory,
)
from tests.publishing.facts_pages import (
    SERIES,
    ahead,
    form_of,
    of_series,
    page,
    send,
    signed_in,
)

pytestmark = pytest.mark.django_db


def test_a_series_to_be_planned_is_changed() -> None:
    row = SeriesFactory()
    SeriesWindowFactory(series=row)
    leader = FacilitatorFactory()
    client = signed_in()
    send(
        client,
        of_series(row),
        earliest_start="2027-01-04",
        sessions_count="6",
        **{
            "windows-1-weekday": "4",
            "windows-1-start": "19:00",
            "windows-1-end": "21:30",
            "preferred_leaders-0-leader": str(leader.pk),
        },
    )
    row.refresh_from_db()
    assert (row.earliest_start, row.sessions_count) == (date(2027, 1, 4), 6)
    assert [(one.weekday, one.start) for one in row.windows.all()] == [
        (2, time(9)),
        (4, time(19)),
    ]
    assert list(row.preferred_leaders.all()) == [leader]


def test_a_stale_series_shows_lines_in_words() -> None:
    row = SeriesFactory()
    client, other = signed_in(), signed_in()
    mine = form_of(page(client, of_series(row)))
    window = {
        "windows-0-weekday": "2",
        "windows-0-start": "09:00",
        "windows-0-end": "12:00",
    }
    send(other, of_series(row), **window)
    answer = client.post(of_series(row), mine | {"size_max": "7"})
    assert answer.status_code == 409
    assert "9.00" in answer.content.decode().replace("09.00", "9.00")


def test_who_leads_elsewhere_is_not_named() -> None:
    own = OrganisationFactory()
    row = SeriesFactory(offering__organisation=own)
    stranger = FacilitatorFactory(person__call_name="Zilverlinde")
    row.preferred_leaders.add(stranger)
    html = page(signed_in(own), of_series(row))
    assert "Zilverlinde" not in html
    assert stranger.organisation.name in html


def test_a_published_series_has_no_form_to_change_its_limits() -> None:
    row = SessionFactory(period=ahead(7)).series
    client = signed_in()
    assert 'name="earliest_start"' not in page(client, of_series(row))
    answer = client.post(of_series(row), {"act": "keep", "earliest_start": ""})
    assert answer.status_code == 404


def member_of(series: Series) -> Enrolment:
    return EnrolmentFactory(series=series)


def test_stopping_a_series_cancels_tells_and_lets_people_wait_again() -> None:
    session = SessionFactory(period=ahead(7), number=1)
    series = session.series
    SeriesLeaderFactory(series=series)
    seat = member_of(series)
    mirror_series(series_ids=[series.pk])
    send(signed_in(), of_series(series), act="stop")
    for row in (session, series, seat):
        row.refresh_from_db()
    assert (session.state, series.state, seat.state) == (
        "cancelled", "cancelled", "withdrawn",
    )  # fmt: skip
    assert seat.registration.choices.get().offering == series.offering
    assert OutboxMessage.objects.filter(state="draft").count() == 2
    assert differences(series_ids=[series.pk]) == ()


def test_a_series_ends_by_a_day_and_only_later_meetings_go() -> None:
    soon = SessionFactory(period=ahead(7), number=1)
    series = soon.series
    late = SessionFactory(series=series, period=ahead(21), number=2)
    member_of(series)
    mirror_series(series_ids=[series.pk])
    last = timezone.localdate() + timedelta(days=14)
    client = signed_in()
    send(client, of_series(series), act="end", last=last.isoformat())
    for row in (soon, late, series):
        row.refresh_from_db()
    assert (soon.state, late.state) == ("published", "cancelled")
    assert (series.latest_end, series.state) == (last, "published")
    assert OutboxMessage.objects.count() == 1
    assert differences(series_ids=[series.pk]) == ()


@pytest.mark.parametrize("last", ["", "2020-01-01", "morgen"])
def test_a_last_day_that_cannot_be_is_refused(last: str) -> None:
    session = SessionFactory(period=ahead(7))
    send(signed_in(), of_series(session.series), 409, act="end", last=last)
    session.series.refresh_from_db()
    session.refresh_from_db()
    assert (session.state, session.series.latest_end) == ("published", None)


def test_a_series_runs_once_more_with_the_same_leaders_and_nobody_in_it() -> None:
    session = SessionFactory(period=ahead(7))
    series = session.series
    leader = SeriesLeaderFactory(series=series).facilitator
    member_of(series)
    client = signed_in()
    again = page(client, of_series(series)).split('value="again"')[0]
    (once,) = re.findall(r'name="once" value="([^"]+)"', again)
    # Pressed twice, it is one.
    for _time in range(2):
        answer = client.post(of_series(series), {"act": "again", "once": once})
        made = Series.objects.get(state="planned")
        assert answer["Location"] == of_series(made)
    for wrong in ("", "x", str(series.pk)):
        data = {"act": "again", "once": wrong}
        answer = client.post(of_series(series), data)
        assert Series.objects.count() == 2
    assert client.post(of_series(series), {"act": "again"}).status_code == 409
    assert made.offering == series.offering
    assert made.centre == series.room.centre
    assert list(made.preferred_leaders.all()) == [leader]
    assert made.earliest_start > timezone.localdate()
    assert not made.enrolments.exists()


def test_a_series_that_somebody_asks_for_is_not_deleted() -> None:
    row = RegistrationChoiceFactory(registration=RegistrationFactory()).series
    client = signed_in()
    assert 'value="delete"' not in page(client, of_series(row))
    assert client.post(of_series(row), {"act": "delete"}).status_code == 409
    free = SeriesWindowFactory().series
    send(client, of_series(free), act="delete")
    assert set(Series.objects.all()) == {row}


def test_a_new_series_of_an_offering() -> None:
    offering = OfferingFactory()
    client = signed_in()
    address = f"{SERIES}nieuw/?aanbod={offering.pk}"
    assert f'value="{offering.pk}" selected' in page(client, address)
    data = {"offering": offering.pk, "earliest_start": "2027-02-01"}
    answer = client.post(address, data)
    made = Series.objects.get()
    assert answer["Location"] == of_series(made)
    assert (made.state, made.earliest_start) == ("planned", date(2027, 2, 1))
