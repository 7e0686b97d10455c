"""The board nearer by and from further off, and what state a session is in."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext

from audit.models import AuditEvent
from courses.models import Session
from people.models import Person
from scheduling.models import AcceptedViolation, SeriesPin
from tests.factories import (
    EnrolmentFactory,
    OfferingFactory,
    RoomBookingFactory,
    SessionFactory,
    UserFactory,
    period,
)
from tests.scheduling.views.conftest import a_schedule, planned, published_session
from tests.scheduling.views.test_week import ADDRESS, page, queries

pytestmark = pytest.mark.django_db
DAY = "zoom=dag&dag=2026-12-01"
TERM = "zoom=periode"


def named(title: str, **fields: Any) -> Any:
    return OfferingFactory(title_nl=title, **fields)


class TestDay:
    def test_a_session_is_as_wide_as_it_lasts(self, signed_in: Client) -> None:
        session = published_session(offering=named("Omgaan met geld"))
        published_session(day=2, offering=named("Morgen pas"))
        html = page(signed_in, DAY)
        cell = html.split(f'href="/bijeenkomst/{session.pk}/"')[0].rsplit("<td", 1)[1]
        assert 'colspan="8"' in cell  # two hours
        assert 'data-start="10:00"' in cell
        assert "Morgen pas" not in html

    def test_each_row_fills_the_day(self, signed_in: Client) -> None:
        published_session()
        row = page(signed_in, DAY).split("<tr data-room")[1].split("</tr>")[0]
        cells = re.findall(r"<td([^>]*)>", row)
        spans = [re.search(r'colspan="(\d+)"', one) for one in cells]
        assert sum(int(one[1]) if one else 1 for one in spans) == 13 * 4

    def test_what_overlaps_gets_a_lane_of_its_own(self, signed_in: Client) -> None:
        one = published_session()
        Session.objects.filter(pk=one.pk).update(room=None, online=True)
        other = published_session(hour=11)
        Session.objects.filter(pk=other.pk).update(room=None, online=True)
        assert 'rowspan="2"' in page(signed_in, DAY)

    def test_days_lead_to_each_other_and_filters_stay(self, signed_in: Client) -> None:
        published_session()
        html = page(signed_in, f"{DAY}&soort=recovery_course").replace("&amp;", "&")
        assert "zoom=dag&dag=2026-12-02&soort=recovery_course" in html
        assert 'name="zoom" value="dag"' in html

    def test_another_day_shows_the_first_of_the_week(self, signed_in: Client) -> None:
        published_session(day=2)
        published_session(day=1, offering=named("Op dinsdag"))
        html = page(signed_in, "zoom=dag&dag=2031-01-01")
        assert "gem-empty" in html
        assert "Op dinsdag" not in html

    @pytest.mark.parametrize("view", ["ruimtes", "centra", "begeleiders", "tabel"])
    def test_queries_do_not_grow(self, signed_in: Client, view: str) -> None:
        published_session()
        address = f"{ADDRESS}?{DAY}&weergave={view}"
        one = queries(signed_in, address)
        for hour in (13, 16):
            published_session(hour=hour)
        assert queries(signed_in, address) == one


class TestTerm:
    def test_a_group_has_a_link_in_each_week(self, signed_in: Client) -> None:
        first = published_session(offering=named("Omgaan met geld", sessions_count=4))
        later = SessionFactory(
            series=first.series, number=2, period=period("2026-12-08 10:00")
        )
        html = page(signed_in, TERM)
        for session in (first, later):
            assert html.count(f'href="/bijeenkomst/{session.pk}/"') == 1
        heading = html.split("gem-board__group")[1].split("</tr>")[0]
        assert "dinsdag" in heading.lower()
        assert "/week/2026-W50/" in html

    def test_a_link_is_named_in_full_and_an_empty_week_is_empty(
        self, signed_in: Client
    ) -> None:
        title = 'Rouw & <b>"verder"</b>'
        first = published_session(offering=named(title, sessions_count=4))
        SessionFactory(
            series=first.series,
            number=5,
            period=period("2026-12-08 19:30"),
            state="cancelled",
        )
        html = page(signed_in, TERM)
        body = html.split("<tbody>")[1].split("</tbody>")[0]
        assert "<b>" not in html
        assert [unescape(one) for one in re.findall(r'aria-label="(.*?)"', body)] == [
            f"{title}, di 1 dec 10.00: 4",
            f"{title}, di 8 dec 19.30, {gettext('cancelled')}: 5",
        ]
        assert body.count("<td></td>") == 11
        assert body.count("gem-kind--") == 1

    def test_a_group_says_that_it_is_pinned_or_small(self, signed_in: Client) -> None:
        small = named("Klein", sessions_count=4, size_min=6)
        session = published_session(offering=small)
        SeriesPin.objects.create(series=session.series, room=session.room)
        row = page(signed_in, TERM).split('scope="row"')[1].split("</th>")[0]
        for word in ("Pinned", "Too few people"):
            assert gettext(word) in row

    def test_single_conversations_are_left_out(self, signed_in: Client) -> None:
        published_session(offering=named("Eenmalig", sessions_count=1))
        assert "gem-empty" in page(signed_in, TERM)

    def test_a_draft_shows_what_it_has_and_what_is_beside_it(
        self, signed_in: Client
    ) -> None:
        draft = a_schedule()
        session = published_session(offering=named("Verzet", sessions_count=4))
        planned(draft, session, day=3, hour=14)
        beside = published_session(offering=named("Ernaast", sessions_count=4))
        html = page(signed_in, f"{TERM}&versie={draft.pk}")
        assert f'href="/rooster/{draft.pk}/bijeenkomst/{session.pk}/"' in html
        assert f'href="/bijeenkomst/{beside.pk}/"' in html
        assert html.count("gem-term--moved") == 1

    def test_filters_narrow(self, signed_in: Client) -> None:
        one = published_session(offering=named("Blijft", sessions_count=4))
        published_session(day=2, offering=named("Valt", kind="peer_group"))
        leader = one.session_leaders.get().facilitator_id
        for query in (
            "soort=recovery_course",
            f"centrum={one.room.centre_id}",
            f"begeleider={leader}",
        ):
            html = page(signed_in, f"{TERM}&{query}").split("<tbody>")[1]
            assert "Blijft" in html
            assert "Valt" not in html

    def test_leaders_of_other_weeks_can_be_chosen(self, signed_in: Client) -> None:
        published_session(offering=named("Nu", sessions_count=4))
        later = published_session(day=15, offering=named("Later", sessions_count=4))
        leader = later.session_leaders.get().facilitator
        Person.objects.filter(pk=leader.person_id).update(alias="Bo V.")

        def offered(query: str) -> str:
            html = page(signed_in, query)
            return html.split('name="begeleider"')[1].split("</select>")[0]

        assert f'value="{leader.pk}"' not in offered("")
        assert f'value="{leader.pk}">Bo V.</option>' in offered(TERM)
        assert AuditEvent.objects.filter(
            event_code="facilitator.list",
            subject_ids__contains=[str(leader.person_id)],
        ).exists()
        html = page(signed_in, f"{TERM}&begeleider={leader.pk}").split("<tbody>")[1]
        assert "Later" in html
        assert "Nu" not in html

    def test_queries_do_not_grow(self, signed_in: Client) -> None:
        published_session(offering=named("Een", sessions_count=4))
        one = queries(signed_in, f"{ADDRESS}?{TERM}")
        for day in (2, 3):
            published_session(day=day, offering=named(f"{day}", sessions_count=4))
        assert queries(signed_in, f"{ADDRESS}?{TERM}") == one

    def test_who_coordinates_elsewhere_sees_none_of_it(self, client: Client) -> None:
        published_session(offering=named("Vreemd", sessions_count=4))
        own = published_session(day=2, offering=named("Eigen", sessions_count=4))
        organisation = own.series.offering.organisation
        client.force_login(UserFactory(role="coordinator", organisation=organisation))
        html = page(client, TERM)
        assert "Eigen" in html
        assert "Vreemd" not in html


class TestStates:
    @pytest.fixture
    def plain(self) -> Any:
        """A group with enough people, of which nothing is to be said."""
        session = published_session(day=3, offering=named("Gewoon", size_min=1))
        EnrolmentFactory.create_batch(2, series=session.series)
        return session

    def only(self, client: Client, state: str, title: str) -> None:
        """The filter leaves this session, and not the plain one."""
        html = page(client, f"staat={state}&weergave=tabel").split("<tbody>")[1]
        assert title in html
        assert "Gewoon" not in html
        assert "Gewoon" in page(client, "weergave=tabel")

    def test_cancelled(self, signed_in: Client, plain: Any) -> None:
        published_session(offering=named("Weg"), state="cancelled")
        self.only(signed_in, "vervalt", "Weg")
        assert "Weg" not in page(signed_in, "staat=gehouden")

    def test_pinned(self, signed_in: Client, plain: Any) -> None:
        session = published_session(offering=named("Vast"))
        SeriesPin.objects.create(series=session.series, room=session.room)
        self.only(signed_in, "vast", "Vast")

    def test_below_the_smallest_group(self, signed_in: Client, plain: Any) -> None:
        published_session(offering=named("Klein", size_min=6))
        self.only(signed_in, "te-klein", "Klein")

    def test_without_a_leader(self, signed_in: Client, plain: Any) -> None:
        session = published_session(offering=named("Los"))
        session.session_leaders.all().delete()
        self.only(signed_in, "zonder-begeleider", "Los")

    def test_changed_against_what_is_published(
        self, signed_in: Client, plain: Any
    ) -> None:
        published_session(
            offering=named("Verzet"), original_period=period("2026-11-30 14:00")
        )
        self.only(signed_in, "gewijzigd", "Verzet")

    def test_the_owner_needs_the_room(self, signed_in: Client, plain: Any) -> None:
        session = published_session(offering=named("Bezet"))
        RoomBookingFactory(room=session.room, period=session.period)
        self.only(signed_in, "regel", "Bezet")
        assert "gem-chip--conflict" in page(signed_in, "staat=regel")

    def test_a_draft_with_a_room_twice_or_an_accepted_rule(
        self, signed_in: Client
    ) -> None:
        draft = a_schedule()
        one = planned(draft, published_session(offering=named("Dubbel een")))
        other = published_session(offering=named("Dubbel twee"))
        planned(draft, other, room=one.room)
        wrong = published_session(day=2, offering=named("Met naam"))
        planned(draft, wrong, day=2)
        planned(draft, published_session(day=3, offering=named("Goed")), day=3)
        AcceptedViolation.objects.create(
            schedule=draft,
            rule="room-open",
            about=[["series", str(wrong.series_id)]],
            accepted_by=UserFactory(),
        )
        html = page(signed_in, f"versie={draft.pk}&staat=regel&weergave=tabel")
        body = html.split("<tbody>")[1]
        for title in ("Dubbel een", "Dubbel twee", "Met naam"):
            assert title in body
        assert "Goed" not in body

    def test_the_filter_stays_in_the_addresses(self, signed_in: Client) -> None:
        session = published_session(offering=named("Vast"))
        SeriesPin.objects.create(series=session.series, room=session.room)
        html = page(signed_in, "staat=vast").replace("&amp;", "&")
        assert "weergave=tabel&staat=vast" in html
        assert "zoom=periode&staat=vast" in html

    def test_the_legend_names_every_sign(self, signed_in: Client) -> None:
        published_session()
        legend = page(signed_in).split('class="gem-legend"')[1].split("</ul>")[0]
        assert legend.count("<li>") == 8
