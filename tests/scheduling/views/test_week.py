"""The week: what it shows, to whom, with how many queries; never a resident's name."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext

from audit.models import AuditEvent
from courses.models import ReasonCode
from courses.selectors.hiding import note_of
from people.enums import Role
from scheduling.models import ScheduledSeries, SeriesPin
from tests.factories import FacilitatorFactory, OfferingFactory, UserFactory, period
from tests.scheduling.views.conftest import (
    SECRET,
    a_schedule,
    planned,
    published_session,
    resident,
    room_in_use,
    seated,
)
from tests.web.html import faults

pytestmark = pytest.mark.django_db
ADDRESS = "/week/2026-W49/"
VIEWS = ["ruimtes", "centra", "begeleiders", "tabel"]


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"{ADDRESS}?{query}" if query else ADDRESS)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    return html


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_shows_the_session_with_time_and_seats(
    signed_in: Client, view: str
) -> None:
    session = published_session(offering=OfferingFactory(title_nl="Omgaan met geld"))
    html = page(signed_in, f"weergave={view}")
    assert "Omgaan met geld" in html
    assert "10.00\N{EN DASH}12.00" in html
    assert f"/bijeenkomst/{session.pk}/" in html
    assert ("1 van 10" if view == "tabel" else "1/10") in html or "1 of 10" in html


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("version", ["", "concept"])
def test_queries_stay_the_same_with_more_sessions(
    signed_in: Client, view: str, version: str
) -> None:
    draft = a_schedule()
    address = f"{ADDRESS}?weergave={view}&versie={version}"
    planned(draft, published_session())
    one = queries(signed_in, address)
    for day in (2, 3):
        planned(draft, published_session(day=day), day=day)
        planned(draft, day=day)
    assert queries(signed_in, address) == one <= 35


def test_reading_the_week_is_logged_with_its_leaders(signed_in: Client) -> None:
    session = published_session()
    page(signed_in)
    event = AuditEvent.objects.filter(event_code="agenda.read").get()
    leader = session.session_leaders.get().facilitator
    assert event.subject_ids == [str(leader.person_id)]


def test_a_cancelled_and_a_moved_session_say_so(signed_in: Client) -> None:
    published_session(state="cancelled")
    published_session(day=2, original_period=period("2026-11-30 14:00"))
    html = page(signed_in)
    assert "gem-chip--cancelled" in html
    assert "gem-chip--moved" in html
    assert "ma 30 nov 14.00" in page(signed_in, "weergave=tabel")


def test_a_pinned_series_says_so(signed_in: Client) -> None:
    session = published_session(offering=OfferingFactory(size_min=1))
    assert "#pin" not in page(signed_in)
    before = page(signed_in).count("gem-chip__marks")
    SeriesPin.objects.create(series=session.series, room=session.room)
    assert page(signed_in).count("gem-chip__marks") == before + 1


def test_the_draft_marks_what_differs_and_counts_it(signed_in: Client) -> None:
    draft = a_schedule()
    planned(draft, published_session(offering=OfferingFactory(title_nl="Gelijk")))
    moved = published_session(day=2, offering=OfferingFactory(title_nl="Verzet"))
    planned(draft, moved, day=3, hour=14)
    gone = published_session(day=3, offering=OfferingFactory(title_nl="Weg"))
    ScheduledSeries.objects.create(
        schedule=draft, series=gone.series, seen_at=gone.last_modified
    )
    planned(draft, day=4)
    html = page(signed_in, f"versie={draft.pk}")
    assert html.count("gem-chip--moved") == 1
    assert html.count("gem-chip--cancelled") == 1
    assert "3 " in html.split("gem-pill--draft")[1].split("</span>")[0]
    assert f"/rooster/{draft.pk}/publiceren/" in html


def test_other_leaders_and_another_room_are_marked_in_a_draft(
    signed_in: Client,
) -> None:
    draft = a_schedule()
    session = published_session()
    planned(draft, session, leaders=[FacilitatorFactory()], room=room_in_use())
    html = page(signed_in, f"versie={draft.pk}&weergave=tabel")
    row = html.split("<tbody>")[1]
    assert row.count(";") >= 2


def test_seats_held_by_a_draft_count_in_the_draft_only(signed_in: Client) -> None:
    draft = a_schedule()
    session = published_session()
    planned(draft, session)
    seated(draft, session.series)
    assert "1/10" in page(signed_in)
    assert "2/10" in page(signed_in, "versie=concept")


def test_filters_narrow_and_can_be_cleared(signed_in: Client) -> None:
    one = published_session(offering=OfferingFactory(title_nl="Blijft"))
    published_session(day=2, offering=OfferingFactory(title_nl="Valt", kind="drop_in"))
    for query in (
        "soort=recovery_course",
        f"centrum={one.room.centre_id}",
        f"begeleider={one.session_leaders.get().facilitator_id}",
    ):
        html = page(signed_in, query)
        assert "Blijft" in html
        assert "Valt" not in html
    assert "gem-empty" in page(signed_in, "soort=peer_group")
    assert "Valt" in page(signed_in, "soort=does-not-exist")


@pytest.mark.parametrize(
    "more", ["", "&zoom=dag&dag=2026-12-01", "&zoom=periode", "&weergave=tabel"]
)
def test_a_leader_who_leads_nothing_that_week_stays_chosen(
    signed_in: Client, more: str
) -> None:
    """Paging on from a leader's week never shows everybody's as if it were that."""
    other = OfferingFactory(title_nl="Van een ander", sessions_count=4)
    published_session(offering=other)
    away = FacilitatorFactory()
    html = page(signed_in, f"begeleider={away.pk}{more}")
    assert "gem-empty" in html
    assert "Van een ander" not in html
    assert f'value="{away.pk}" selected' in html
    assert re.search(rf'/week/2026-W50/\?[^"]*begeleider={away.pk}"', html)
    for odd in ("x", "0", "9" * 12, "1e3"):
        assert "Van een ander" in page(signed_in, f"begeleider={odd}{more}")


def test_empty_rooms_are_counted_and_shown_on_demand(signed_in: Client) -> None:
    published_session()
    empty = room_in_use()
    assert empty.name not in page(signed_in)
    assert empty.name in page(signed_in, "alle=1")


def test_a_closed_day_is_shut_and_weekends_show_when_used(signed_in: Client) -> None:
    published_session()
    html = page(signed_in)
    assert html.count("gem-board__shut") == 1  # open Monday to Thursday
    assert "Za 5 dec" not in html
    published_session(day=5)
    assert "Za 5 dec" in page(signed_in)


def test_figures_of_the_schedule_stand_above(signed_in: Client) -> None:
    a_schedule("published")
    html = page(signed_in)
    assert "371" in html
    assert "0,4 %" in html
    assert "3,1" in html


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.COORDINATOR, [9, 6, 1]),
        (Role.FUNCTIONAL_ADMINISTRATOR, [9, None, None]),
    ],
)
def test_a_reason_of_few_people_is_for_who_coordinates(
    client: Client, role: Role, shown: list[int | None]
) -> None:
    """With one hidden number a subtraction gives it away, so another goes too."""
    schedule = a_schedule("published")
    given = {"often": 9, "sometimes": 6, "once": 1}
    for code in given:
        ReasonCode.objects.create(code=code, name_nl=f"R {code}", name_en=f"R {code}")
    schedule.figures = schedule.figures | {"reasons": given}
    schedule.save()
    client.force_login(UserFactory(role=role))
    html = page(client)
    for code, number in zip(given, shown, strict=True):
        hidden = gettext("%(reason)s: hidden") % {"reason": f"R {code}"}
        counted = f"{number} \N{MULTIPLICATION SIGN} R {code}"
        assert f"<li>{counted if number else hidden}</li>" in html
    assert (note_of() in html) == (None in shown)


def test_a_week_without_schedule_counts_its_sessions(signed_in: Client) -> None:
    published_session()
    published_session(day=2, state="cancelled")
    facts = page(signed_in).split('class="gem-facts"')[1].split("</ul>")[0]
    values = [
        part.split("<")[0].strip() for part in facts.split('gem-fact__value">')[1:]
    ]
    assert values == ["1", "1", "100 %", "1"]


@pytest.mark.parametrize("text", ["2026-W54", "2026-W00", "2025-W53", "x"])
def test_a_week_that_does_not_exist_is_not_found(signed_in: Client, text: str) -> None:
    assert signed_in.get(f"/week/{text}/").status_code == 404


def test_the_week_of_today_is_shown_without_an_address(signed_in: Client) -> None:
    assert signed_in.get("/week/").status_code == 200


def test_a_draft_that_the_week_does_not_have_leads_to_the_week(
    signed_in: Client,
) -> None:
    """Kept in a bookmark, or published by a colleague a minute ago."""
    answer = signed_in.get(f"{ADDRESS}?versie=99&zoom=dag", follow=True)
    assert answer.redirect_chain == [(ADDRESS, 302)]
    (told,) = answer.context["messages"]
    assert gettext("That draft was published or thrown away meanwhile.") in str(told)


def test_a_coordinator_of_one_organisation_sees_only_its_groups(client: Client) -> None:
    own = published_session(offering=OfferingFactory(title_nl="Eigen"))
    other = published_session(day=2, offering=OfferingFactory(title_nl="Vreemd"))
    user = UserFactory(
        role=Role.COORDINATOR, organisation=own.series.offering.organisation
    )
    client.force_login(user)
    html = page(client)
    assert "Eigen" in html
    assert "Vreemd" not in html
    assert "/plannen/" not in html.split("gem-actions")[1]
    assert client.get(f"/bijeenkomst/{own.pk}/").status_code == 200
    assert client.get(f"/bijeenkomst/{other.pk}/").status_code == 404
    assert 'id="make-week"' not in client.get("/plannen/").content.decode()


@pytest.mark.parametrize(
    "role", [Role.FACILITATOR, Role.RESIDENT, Role.REFERRER, Role.PRIVACY_OFFICER]
)
def test_other_roles_are_refused(client: Client, role: str) -> None:
    client.force_login(UserFactory(role=role))
    assert client.get(ADDRESS).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    answer = client.get(ADDRESS)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_session_page_shows_leaders_seats_and_dates_but_nobody_who_takes_part(
    signed_in: Client,
) -> None:
    session = published_session(original_period=period("2026-11-30 14:00"))
    html = signed_in.get(f"/bijeenkomst/{session.pk}/").content.decode()
    assert faults(html) == []
    assert session.session_leaders.get().facilitator.person.call_name in html
    assert "ma 30 nov 14.00" in html
    assert session.room.name in html
    assert SECRET not in html
    assert resident().person.call_name == SECRET


def test_session_of_a_draft_is_only_there_while_it_is_a_draft(
    signed_in: Client,
) -> None:
    draft = a_schedule()
    row = planned(draft)
    address = f"/rooster/{draft.pk}/bijeenkomst/{row.session_id}/"
    assert signed_in.get(address).status_code == 200
    draft.state = "archived"
    draft.save()
    answer = signed_in.get(address)
    assert (answer.status_code, answer["Location"]) == (302, ADDRESS)


@pytest.mark.parametrize("view", VIEWS)
def test_a_session_in_a_room_out_of_use_does_not_disappear(
    signed_in: Client, view: str
) -> None:
    session = published_session(offering=OfferingFactory(title_nl="Blijft staan"))
    session.room.centre.active = False
    session.room.centre.save()
    assert "Blijft staan" in page(signed_in, f"weergave={view}")
