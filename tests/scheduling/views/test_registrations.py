"""Registrations: numbers first, changed for a reason, and never blindly."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from courses.models import Enrolment, Registration, TurnChange
from people.enums import Role
from people.models import Resident
from scheduling.models import LeftOut
from scheduling.weeks import Week
from tests.factories import (
    AvailabilityWindowFactory,
    EnrolmentFactory,
    KeepPairFactory,
    MunicipalityFactory,
    OfferingFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    SeriesFactory,
    ThemeFactory,
    UserFactory,
)
from tests.scheduling.views.conftest import SECRET, a_schedule, resident
from tests.web.html import faults

pytestmark = pytest.mark.django_db
PAGE = "/aanmeldingen/"


def asking(**extra: Any) -> Registration:
    """Somebody named by the secret who waits for an offering."""
    extra.setdefault("resident", resident())
    extra.setdefault("offering", None if "theme" in extra else OfferingFactory())
    return RegistrationFactory(**extra)


def numbers(client: Client, query: str = "") -> set[int]:
    page = client.get(PAGE + query)
    assert page.status_code == 200
    return {line.pk for line in page.context["lines"]}


def filled(client: Client, one: Registration, **other: Any) -> dict[str, Any]:
    """What the form to change has in its fields, with these instead."""
    form = client.get(f"{PAGE}{one.pk}/wijzigen/").context["form"]
    data = {name: form[name].value() for name in form.fields}
    data |= {"reason": "asked"} | other
    return {name: value for name, value in data.items() if value not in (None, False)}


# --- The list -----------------------------------------------------------------------


def test_the_list_and_a_page_are_sound_and_name_nobody(signed_in: Client) -> None:
    one = asking()
    RegistrationChoiceFactory(registration=one, series=SeriesFactory(published=True))
    for path in ("", f"{one.pk}/", f"{one.pk}/wijzigen/", f"{one.pk}/beeindigen/"):
        html = signed_in.get(PAGE + path).content.decode()
        assert faults(html) == []
        assert SECRET not in html
        assert str(one.pk) in html


def test_who_must_be_kept_apart_is_named_to_the_coordinator_without_a_name(
    signed_in: Client,
) -> None:
    one = asking()
    there = EnrolmentFactory(
        series__offering__title_nl="Samen koken", series__published=True
    )
    RegistrationChoiceFactory(registration=one, series=there.series)
    assert "Samen koken, " not in signed_in.get(f"{PAGE}{one.pk}/").content.decode()
    KeepPairFactory(person_a=one.resident.person, person_b=there.resident.person)
    answer = signed_in.get(f"{PAGE}{one.pk}/")
    html = answer.content.decode()
    assert (faults(html), SECRET in html) == ([], False)
    (group,) = answer.context["wishes"]["apart"]
    assert group.startswith("Samen koken, ")
    assert group in html


def test_the_list_is_narrowed_by_facts(signed_in: Client) -> None:
    theme = ThemeFactory()
    offering = OfferingFactory()
    offering.themes.add(theme)
    today = timezone.localdate()
    place = PlaceFactory(municipality=MunicipalityFactory(code="GM0175", name="Ommen"))
    by_offering = asking(offering=offering, norm_date=today)
    by_series = asking(norm_date=today)
    RegistrationChoiceFactory(
        registration=by_series, series=SeriesFactory(offering=offering)
    )
    by_theme = asking(theme=theme, offering=None, norm_date=today)
    late = asking(norm_date=today - timedelta(days=1))
    ended = asking(state="withdrawn", norm_date=today - timedelta(days=9))
    here = asking(
        norm_date=today, resident=ResidentFactory(person=PersonFactory(place=place))
    )
    everybody = {one.pk for one in (by_offering, by_series, by_theme, late, here)}
    assert numbers(signed_in) == everybody
    assert numbers(signed_in, "?state=all") == everybody | {ended.pk}
    assert numbers(signed_in, "?state=withdrawn") == {ended.pk}
    assert numbers(signed_in, f"?offering={offering.pk}") == {
        by_offering.pk,
        by_series.pk,
    }
    assert numbers(signed_in, f"?theme={theme.pk}") == {
        by_offering.pk,
        by_series.pk,
        by_theme.pk,
    }
    assert numbers(signed_in, "?beyond_norm=on") == {late.pk}
    assert numbers(signed_in, f"?municipality={place.municipality_id}") == {here.pk}
    assert numbers(signed_in, f"?number={ended.pk}") == {ended.pk}


def test_who_has_no_seat_in_the_published_week_is_found(signed_in: Client) -> None:
    out, _other = asking(), asking()
    week = Week.of(timezone.localdate())
    schedule = a_schedule(state="published")
    schedule.first_date, schedule.last_date = week.monday, week.sunday
    schedule.save()
    LeftOut.objects.create(schedule=schedule, registration=out)
    assert numbers(signed_in, "?unplaced=on") == {out.pk}


@pytest.mark.parametrize(
    "query", ["?number=x", "?offering=999999", "?number=-1", "?page=zzz"]
)
def test_a_wrong_question_is_no_failure(signed_in: Client, query: str) -> None:
    one = asking()
    assert numbers(signed_in, query) == {one.pk}


def test_looking_is_logged_with_whom_the_page_shows(signed_in: Client) -> None:
    one, _ended = asking(), asking(state="withdrawn")
    signed_in.get(PAGE)
    event = AuditEvent.objects.get(event_code="registration.list")
    assert event.subject_ids == [str(one.resident.person_id)]


def test_the_list_takes_as_many_queries_for_three(signed_in: Client) -> None:
    costs = []
    for more in (1, 2):
        for _number in range(more):
            one = asking()
            RegistrationChoiceFactory(
                registration=one, series=SeriesFactory(published=True)
            )
        with CaptureQueriesContext(connection) as found:
            signed_in.get(PAGE)
        costs.append(len(found))
    assert costs[0] == costs[1]


def test_coordinators_see_their_own_organisations(client: Client) -> None:
    brug, other = OrganisationFactory(), OrganisationFactory()
    mine = asking(resident=ResidentFactory(person=PersonFactory(organisation=brug)))
    theirs = asking(resident=ResidentFactory(person=PersonFactory(organisation=other)))
    client.force_login(UserFactory(role=Role.COORDINATOR, organisation=brug))
    assert numbers(client) == {mine.pk}
    assert client.get(f"{PAGE}{mine.pk}/").status_code == 200
    for path in ("", "wijzigen/", "beeindigen/"):
        assert client.get(f"{PAGE}{theirs.pk}/{path}").status_code == 404
    assert client.post(f"{PAGE}{theirs.pk}/naam/").status_code == 404
    assert client.post(f"{PAGE}{theirs.pk}/urgentie/").status_code == 404


# --- One of them --------------------------------------------------------------------


def test_a_name_is_shown_after_a_press_that_is_logged(signed_in: Client) -> None:
    one = asking()
    assert SECRET not in signed_in.get(f"{PAGE}{one.pk}/").content.decode()
    assert not AuditEvent.objects.filter(event_code="person.contact.read").exists()
    html = signed_in.post(f"{PAGE}{one.pk}/naam/").content.decode()
    assert SECRET in html
    event = AuditEvent.objects.get(event_code="person.contact.read")
    assert event.subject_ids == [str(one.resident.person_id)]


def test_a_page_says_what_is_asked_what_suits_and_what_happened(
    signed_in: Client,
) -> None:
    series = SeriesFactory(published=True)
    one = asking(
        resident=ResidentFactory(
            person=PersonFactory(), travel_limit_minutes=25, access_needs=["step-free"]
        )
    )
    RegistrationChoiceFactory(registration=one, series=series)
    AvailabilityWindowFactory(
        person=one.resident.person, weekday=2, start=time(8), end=time(12, 30)
    )
    EnrolmentFactory(registration=one, series=series, state="withdrawn")
    context = signed_in.get(f"{PAGE}{one.pk}/").context
    wishes = context["wishes"]
    assert [(x.rank, x.title, x.place) for x in wishes["wishes"] if x.rank] == [
        (1, series.offering.title, 1)
    ]
    ticked = [x for _day, parts in wishes["week"] for x in parts if x[2]]
    assert [value for value, _word, _on in ticked] == ["2-morning"]
    facts = " ".join(value for _term, value in context["facts"])
    assert "25" in facts
    assert [seat["title"] for seat in wishes["seats"]] == [series.offering.title]
    assert len(context["history"]) == 2


def test_a_page_takes_as_many_queries_for_three_wishes(signed_in: Client) -> None:
    one, costs = asking(), []
    for more in (1, 2):
        for _number in range(more):
            series = SeriesFactory(published=True)
            RegistrationChoiceFactory(
                registration=one, series=series, rank=one.choices.count() + 1
            )
            EnrolmentFactory(registration=one, series=series, state="withdrawn")
        with CaptureQueriesContext(connection) as found:
            signed_in.get(f"{PAGE}{one.pk}/")
        costs.append(len(found))
    assert costs[0] == costs[1]


def test_why_there_is_no_seat_stands_there(signed_in: Client) -> None:
    one, series = asking(), SeriesFactory()
    reason = {"series": str(series.pk), "rules": ["room-conflict"], "for_all": False}
    LeftOut.objects.create(
        schedule=a_schedule(state="published", published_at=timezone.now()),
        registration=one,
        reasons=[reason],
    )
    ((title, sentences),) = signed_in.get(f"{PAGE}{one.pk}/").context["why"]
    assert title == series.offering.title
    assert len(sentences) == 1


def test_the_urgency_changes_with_a_reason_and_not_blindly(signed_in: Client) -> None:
    one = asking(need_class=3)
    path = f"{PAGE}{one.pk}/urgentie/"
    assert signed_in.post(path, {"need_class": "1", "was": "3"}).status_code == 409
    data = {"need_class": "1", "was": "2", "why": "mistake"}
    page = signed_in.post(path, data)
    assert page.status_code == 409
    one.refresh_from_db()
    assert one.need_class == 3
    assert page.context["need"]["was"].value() == "3"
    assert signed_in.post(path, data | {"was": "3"}).status_code == 302
    one.refresh_from_db()
    assert one.need_class == 1
    assert TurnChange.objects.get().reason == "mistake"


# --- Changing -----------------------------------------------------------------------


def test_the_form_as_it_is_changes_nothing(signed_in: Client) -> None:
    one = asking()
    AvailabilityWindowFactory(
        person=one.resident.person, weekday=2, start=time(9), end=time(12)
    )
    RegistrationChoiceFactory(registration=one, series=SeriesFactory())
    before = list(one.choices.values_list("rank", "series", "offering"))
    path = f"{PAGE}{one.pk}/wijzigen/"
    assert signed_in.post(path, filled(signed_in, one)).status_code == 302
    assert list(one.choices.values_list("rank", "series", "offering")) == before
    assert one.resident.person.windows.get().start == time(9)
    again = Registration.objects.get(pk=one.pk)
    assert (again.norm_date, again.registered_at) == (one.norm_date, one.registered_at)


def test_wishes_ranks_and_limits_change_for_a_reason(signed_in: Client) -> None:
    first, second = SeriesFactory(published=True), SeriesFactory(published=True)
    one = asking()
    RegistrationChoiceFactory(registration=one, series=first, rank=1)
    data = filled(
        signed_in,
        one,
        choice_1=f"s{second.pk}",
        choice_2=f"s{first.pk}",
        choice_3=f"o{first.offering_id}",
        travel_limit_minutes="45",
        hours=["1-morning", "1-afternoon", "3-evening"],
    )
    path = f"{PAGE}{one.pk}/wijzigen/"
    assert signed_in.post(path, data | {"reason": ""}).status_code == 400
    assert signed_in.post(path, data).status_code == 302
    assert [
        (x.rank, x.series_id, x.offering_id) for x in one.choices.order_by("rank")
    ] == [
        (1, second.pk, None),
        (2, first.pk, None),
        (3, None, first.offering_id),
    ]
    assert Resident.objects.get(pk=one.resident_id).travel_limit_minutes == 45
    assert list(
        one.resident.person.windows.order_by("weekday").values_list(
            "weekday", "start", "end"
        )
    ) == [(1, time(8), time(17, 30)), (3, time(17, 30), time(22))]
    event = AuditEvent.objects.get(event_code="registration.amend.asked")
    assert event.subject_ids == [str(one.resident.person_id)]
    history = signed_in.get(f"{PAGE}{one.pk}/").context["history"]
    assert any(x.why for x in history)


def test_a_stale_form_is_refused_with_what_stands_there_now(signed_in: Client) -> None:
    one = asking()
    path = f"{PAGE}{one.pk}/wijzigen/"
    data = filled(signed_in, one, travel_limit_minutes="45")
    Resident.objects.filter(pk=one.resident_id).update(travel_limit_minutes=60)
    page = signed_in.post(path, data)
    assert page.status_code == 409
    assert faults(page.content.decode()) == []
    ((_label, there, here),) = page.context["stale"]
    assert ("60" in there, "45" in here) == (True, True)
    assert Resident.objects.get(pk=one.resident_id).travel_limit_minutes == 60
    form = page.context["form"]
    assert form["travel_limit_minutes"].value() == "45"
    data["version"] = form["version"].value()
    assert signed_in.post(path, data).status_code == 302
    assert Resident.objects.get(pk=one.resident_id).travel_limit_minutes == 45


def test_what_cannot_be_is_refused_in_words(signed_in: Client) -> None:
    closed, offering = asking(state="withdrawn"), OfferingFactory()
    twice = {"choice_1": f"o{offering.pk}", "choice_2": f"o{offering.pk}"}
    one = asking()
    referred = OfferingFactory(kind="group_treatment")
    seated = asking(state="placed")
    EnrolmentFactory(registration=seated, series=SeriesFactory(published=True))
    for row, other, field, code in (
        (closed, {}, "__all__", "closed"),
        (one, twice, "__all__", "twice"),
        (one, {"wish": "", "choice_1": ""}, "__all__", "nothing"),
        (one, {"choice_1": f"o{referred.pk}"}, "__all__", "referral"),
        (one, {"choice_1": "s0"}, "choice_1", "invalid_choice"),
        (seated, {"seats": "2"}, "__all__", "seated"),
    ):
        data = filled(signed_in, row, **other)
        page = signed_in.post(f"{PAGE}{row.pk}/wijzigen/", data)
        assert page.status_code == 400, other
        found = page.context["form"].errors.as_data()
        assert {name: [one.code for one in rows] for name, rows in found.items()} == {
            field: [code]
        }
    one.refresh_from_db()
    assert not one.choices.exists()


# --- Ending -------------------------------------------------------------------------


def test_ending_gives_the_seat_up_and_says_why_in_the_log(signed_in: Client) -> None:
    one = asking(state="placed")
    seat = EnrolmentFactory(registration=one, series=SeriesFactory(published=True))
    path = f"{PAGE}{one.pk}/beeindigen/"
    version = signed_in.get(path).context["form"]["version"].value()
    assert signed_in.post(path, {"version": version}).status_code == 400
    stale = signed_in.post(path, {"version": "old", "reason": "elsewhere"})
    assert stale.status_code == 409
    assert stale.context["form"]["version"].value() == version
    done = {"version": version, "reason": "elsewhere"}
    assert signed_in.post(path, done).status_code == 302
    assert Registration.objects.get(pk=one.pk).state == "withdrawn"
    assert Enrolment.objects.get(pk=seat.pk).state == "withdrawn"
    assert AuditEvent.objects.filter(
        event_code="registration.withdraw.elsewhere"
    ).exists()
    assert signed_in.post(path, done).status_code == 409


def test_who_waits_beyond_the_norm_is_told_in_weeks(
    signed_in: Client,
) -> None:
    asking(norm_date=timezone.localdate() - timedelta(days=14))
    (line,) = signed_in.get(PAGE).context["lines"]
    assert line.late.startswith("2 ")
