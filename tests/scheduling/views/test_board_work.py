"""What the board costs: queries of each view, rows read once, cells without loss."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test import Client
from django.test.html import parse_html
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe

from audit.actor import Actor
from audit.models import AuditEvent
from courses.models import Series, Session
from people.models import User
from rooms.selectors import rooms_in_use
from scheduling.forms import LongList
from scheduling.models import Schedule, ScheduledSeries
from scheduling.selectors import (
    changes_in,
    draft_week,
    published_week,
    week_counted,
)
from scheduling.views.facts import facts_of_sessions
from tests.factories import FacilitatorFactory, OfferingFactory, RoomBookingFactory
from tests.factories import period as period_of
from tests.scheduling.views.conftest import (
    WEEK,
    a_schedule,
    planned,
    published_session,
    room_in_use,
)
from tests.scheduling.views.test_week import ADDRESS, page

pytestmark = pytest.mark.django_db

MOST = {
    "": 24,
    "versie=concept": 30,
    "versie=concept&weergave=centra": 30,
    "versie=concept&weergave=begeleiders": 31,
    "versie=concept&weergave=tabel": 30,
    "versie=concept&staat=te-klein": 30,
    "versie=concept&zoom=dag": 30,
    "versie=concept&zoom=periode": 32,
}
"""Queries of a page, with what every page asks about who looks."""


def statements(client: Client, query: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(f"{ADDRESS}?{query}").status_code == 200
    return [one["sql"] for one in seen.captured_queries]


class TestQueries:
    @pytest.mark.parametrize(("query", "most"), MOST.items())
    def test_a_view_asks_so_many_whatever_there_is(
        self, signed_in: Client, query: str, most: int
    ) -> None:
        draft = a_schedule()
        for day in (1, 2, 3):
            planned(draft, published_session(day=day), day=day)
        assert len(statements(signed_in, query)) <= most

    def test_what_is_booked_is_not_read_for_the_board(self, signed_in: Client) -> None:
        session = published_session()
        RoomBookingFactory(room=session.room, period=period_of("2026-12-02 10:00"))
        asked = statements(signed_in, "")
        assert not [sql for sql in asked if 'FROM "rooms_roombooking"' in sql]

    def test_known_rooms_are_not_read_again(self, coordinator: User) -> None:
        session = published_session()
        actor, rooms = Actor.of(coordinator), rooms_in_use()
        with CaptureQueriesContext(connection) as alone:
            (one,) = published_week(actor=actor, week=WEEK)
        with CaptureQueriesContext(connection) as helped:
            (other,) = published_week(actor=actor, week=WEEK, rooms=rooms)
        assert len(helped) == len(alone) - 1
        assert one == other
        assert other.room == session.room


class TestWhatIsRead:
    def test_what_a_draft_drops_is_named_with_its_leaders_in_one_line(
        self, coordinator: User
    ) -> None:
        draft = a_schedule()
        stays, gone = published_session(), published_session(day=2)
        leader = FacilitatorFactory()
        planned(draft, stays, leaders=[leader])
        ScheduledSeries.objects.create(
            schedule=draft, series=gone.series, seen_at=gone.last_modified
        )
        here, there = draft_week(actor=Actor.of(coordinator), schedule=draft, week=WEEK)
        dropped = gone.session_leaders.get().facilitator
        assert [one.id for one in here.leaders] == [leader.pk]
        assert here.other_leaders
        assert not here.cancelled
        assert [one.name for one in there.leaders] == [dropped.person.group_name]
        assert there.cancelled
        assert there.room == gone.room
        line = AuditEvent.objects.get(event_code="agenda.read")
        assert set(line.subject_ids) == {str(leader.person_id), str(dropped.person_id)}
        assert (line.object_kind, line.object_id) == ("schedule", str(draft.pk))

    def test_changes_of_a_week_are_counted_without_a_name(
        self, coordinator: User
    ) -> None:
        draft = a_schedule()
        planned(draft, published_session())
        moved = published_session(day=2)
        planned(draft, moved, day=3, hour=14)
        planned(draft, published_session(hour=13), hour=13, room=room_in_use())
        leader = FacilitatorFactory()
        planned(draft, published_session(hour=15), hour=15, leaders=[leader])
        planned(draft, published_session(hour=17), hour=17, leaders=[])
        gone = published_session(day=3)
        ScheduledSeries.objects.create(
            schedule=draft, series=gone.series, seen_at=gone.last_modified
        )
        planned(draft, day=4)
        planned(draft, published_session(day=8), day=9)  # in the week after
        actor = Actor.of(coordinator)
        own = [moved.series.offering.organisation_id]
        for within, number in ((None, 6), (own, 1)):
            known: dict[str, Any] = {"schedule": draft, "week": WEEK}
            known["organisation_ids"] = within
            week = draft_week(actor=actor, **known)
            lines = AuditEvent.objects.count()
            assert changes_in(**known) == sum(one.changed for one in week) == number
            assert facts_of_sessions(week_counted(**known)) == facts_of_sessions(week)
            assert AuditEvent.objects.count() == lines

    def test_a_published_week_is_counted_without_a_name(
        self, coordinator: User
    ) -> None:
        session = published_session()
        Series.objects.filter(pk=session.series_id).update(size_max=7)
        published_session(day=2, offering=OfferingFactory(size_max=9))
        published_session(day=2, offering=OfferingFactory(kind="drop_in"))
        published_session(day=3, state="cancelled")
        published_session(day=8)
        week = published_week(actor=Actor.of(coordinator), week=WEEK)
        lines = AuditEvent.objects.count()
        counted = week_counted(schedule=None, week=WEEK)
        assert len(counted) == len(week) == 4
        assert facts_of_sessions(counted) == facts_of_sessions(week)
        own = [session.series.offering.organisation_id]
        (one,) = week_counted(schedule=None, week=WEEK, organisation_ids=own)
        assert (one.size, one.seats, one.changed) == (7, 1, False)
        assert AuditEvent.objects.count() == lines

    def test_a_term_tells_of_its_week_what_the_week_tells(
        self, signed_in: Client
    ) -> None:
        draft = a_schedule()
        planned(draft, published_session())
        planned(draft, published_session(day=2), day=3)
        for stored in ({}, draft.figures):
            Schedule.objects.update(figures=stored)
            for version in ("", "versie=concept&"):
                near = page(signed_in, f"{version}zoom=week")
                before = list(AuditEvent.objects.values_list("pk", flat=True))
                far = page(signed_in, f"{version}zoom=periode")
                for part, end in (('class="gem-facts"', "</ul>"), ("<h1>", "</div>")):
                    assert near.split(part)[1].split(end)[0] in far
        told = AuditEvent.objects.exclude(pk__in=before).values_list("event_code")
        assert ("agenda.read",) not in told
        assert ("facilitator.list",) in told

    def test_a_night_before_the_first_week_is_no_part_of_the_term(
        self, signed_in: Client
    ) -> None:
        draft = a_schedule()
        offering = OfferingFactory(title_nl="Nachtcafe", sessions_count=4)
        row = planned(draft, published_session(day=2, offering=offering), day=2)
        row.period = period_of("2026-11-29 23:00")  # until Monday, one o'clock
        row.save()
        html = page(signed_in, f"versie={draft.pk}&zoom=periode")
        assert f"/rooster/{draft.pk}/bijeenkomst/{row.session_id}/" not in html
        assert html.count("gem-term--cancelled") == 1


class TestWhatIsSent:
    def test_the_page_is_sent_packed_to_who_can_unpack_it(
        self, signed_in: Client
    ) -> None:
        published_session(offering=OfferingFactory(title_nl="Omgaan met geld"))
        packed = signed_in.get(ADDRESS, headers={"accept-encoding": "gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert "Omgaan met geld" in gzip.decompress(packed.content).decode()
        plain = signed_in.get(ADDRESS)
        assert not plain.has_header("Content-Encoding")
        assert "Accept-Encoding" in plain["Vary"]

    @pytest.mark.parametrize("chosen", ["", "7", None, "nothing"])
    def test_a_long_list_is_the_list_of_django(self, chosen: str | None) -> None:
        choices = [("", "Alle"), ("7", '<b class="x">'), ("8", mark_safe("R&amp;B"))]
        attributes = {"class": "utrecht-select", "id": "id_x", "required": True}
        ours, theirs = (
            parse_html(
                widget(attrs={"title": '"'}, choices=choices).render(
                    "x", chosen, attrs=attributes
                )
            )
            for widget in (LongList, forms.Select)
        )
        assert ours == theirs

    def test_every_state_of_a_session_stands_in_words_on_each_zoom(
        self, signed_in: Client
    ) -> None:
        session = published_session(offering=OfferingFactory(size_min=6))
        session.session_leaders.all().delete()
        Session.objects.filter(pk=session.pk).update(
            original_period=period_of("2026-11-30 14:00")
        )
        for query, moved in (
            ("", "verplaatst"),
            ("zoom=dag&dag=2026-12-01", "verplaatst"),
            ("weergave=tabel", "verzet, was ma 30 nov 14.00"),
        ):
            html = page(signed_in, query)
            body = html.split("<tbody>")[1].split("</tbody>")[0].lower()
            for word in (moved, "te weinig mensen", "geen begeleider"):
                assert word in body, (query, word)
