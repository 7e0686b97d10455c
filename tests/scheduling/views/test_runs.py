"""Making a plan: what may be asked, how a run is told, when the page stops asking."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from people.enums import Role
from people.models import User
from scheduling.messages import DOING
from scheduling.models import (
    PlanningRun,
    RunState,
    Schedule,
    SeatPin,
    SeriesPin,
    WishImportance,
)
from scheduling.services.wishes import weights_of
from scheduling.weeks import Week
from tests.factories import OfferingFactory, RegistrationFactory, UserFactory
from tests.scheduling.views.conftest import (
    FIGURES,
    SECRET,
    WEEK,
    a_run,
    a_schedule,
    published_session,
    resident,
)
from tests.web.html import faults

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def next_week() -> Week:
    return Week.of(timezone.localdate()).plus(1)


def start(client: Client, **extra: object) -> object:
    asked = {"kind": "week", "week": str(next_week()), "seconds": 30, **extra}
    return client.post("/plannen/", asked)


def a_busy_run(**extra: object) -> PlanningRun:
    now = timezone.now()
    return a_run(
        **{
            "state": "running",
            "lease_until": now,
            "fence": 1,
            "started_at": now,
            "doing": "people",
            "value": 97,
            "bound": 100.0,
            "placed": 361,
            "unplaced": 51,
            "spent_seconds": 38,
            "progress": [[1, 60, 120.0], [2, 97, 100.0]],
            **extra,
        }
    )


def test_starting_a_week_makes_a_run_with_its_job(
    signed_in: Client, coordinator: User
) -> None:
    answer = start(signed_in)
    run = PlanningRun.objects.get()
    assert answer["Location"] == f"/plannen/{run.pk}/"
    assert (run.first_date, run.last_date) == (next_week().monday, next_week().sunday)
    assert (run.seconds, run.asked_by, run.kind) == (30, coordinator, "week")
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("scheduling.perform_run", {"run_id": run.pk})
    assert job.queue_name == "planning"


def test_the_same_week_twice_is_refused_with_a_link(signed_in: Client) -> None:
    start(signed_in)
    answer = start(signed_in)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert PlanningRun.objects.count() == ProcrastinateJob.objects.count() == 1
    assert f'href="/plannen/{PlanningRun.objects.get().pk}/"' in html
    assert faults(html) == []


def test_a_term_runs_from_a_monday_over_its_weeks(signed_in: Client) -> None:
    monday = next_week().monday
    asked = {"kind": "term", "first_date": monday, "weeks": 18, "seconds": 300}
    assert signed_in.post("/plannen/", asked).status_code == 302
    run = PlanningRun.objects.get()
    assert (run.kind, run.first_date) == ("term", monday)
    assert (run.last_date - run.first_date).days == 18 * 7 - 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"week": "2001-W01"},
        {"week": ""},
        {"seconds": "9999999"},
        {"kind": "term", "first_date": "2026-12-01", "weeks": 18},
        {"kind": "term", "first_date": "", "weeks": 18},
        {"kind": "term", "first_date": "2026-11-30", "weeks": 500},
    ],
)
def test_what_cannot_be_planned_is_refused(
    signed_in: Client, wrong: dict[str, object]
) -> None:
    answer = start(signed_in, **wrong)
    assert answer.status_code == 422
    assert faults(answer.content.decode()) == []
    assert not PlanningRun.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_a_day_that_is_no_monday_is_answered_with_two_that_are(
    signed_in: Client,
) -> None:
    html = start(
        signed_in, kind="term", first_date="2026-12-02", weeks=18
    ).content.decode()
    assert "maandag 30 november 2026" in html
    assert "maandag 7 december 2026" in html


def test_the_asked_week_is_chosen_beforehand(signed_in: Client) -> None:
    for week in (next_week().plus(3), next_week().plus(60)):
        html = signed_in.get(f"/plannen/?week={week}").content.decode()
        assert f'value="{week}" selected' in html


def test_what_is_asked_is_kept_with_the_run(signed_in: Client) -> None:
    session = published_session()
    centre = session.room.centre_id
    answer = start(
        signed_in,
        may_move="centres",
        centres=[centre],
        after="beside",
        keep_importance="on",
        **{"wish-short-travel": "more", "wish-room-fit": "usual"},
    )
    run = PlanningRun.objects.get()
    assert answer.status_code == 302
    assert (run.may_move, run.may_move_of) == ("centres", [str(centre)])
    assert (run.as_draft, run.importance) == (False, {"short-travel": "more"})
    assert run.weights == weights_of({"short-travel": "more"})
    assert WishImportance.objects.get().wish == "short-travel"
    html = signed_in.get("/plannen/").content.decode()
    field = html.split('name="wish-short-travel"')[1].split("</select>")[0]
    assert 'value="more" selected' in field
    told = signed_in.get(f"/plannen/{run.pk}/").context["asked"]
    assert len(told) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"may_move": "centres"},
        {"may_move": "groups", "groups": ["nothing-of-ours"]},
        {"may_move": "whatever"},
        {"wish-short-travel": "enormous"},
        {"after": "never"},
    ],
)
def test_options_that_do_not_exist_are_refused(
    signed_in: Client, wrong: dict[str, object]
) -> None:
    answer = start(signed_in, **wrong)
    assert answer.status_code == 422
    assert faults(answer.content.decode()) == []
    assert not PlanningRun.objects.exists()


def test_the_preview_starts_nothing_and_says_what_it_is_reckoned_on(
    signed_in: Client,
) -> None:
    week = next_week()
    asked: dict[str, object] = {"kind": "week", "week": str(week), "seconds": 30}
    asked["wish-short-travel"] = "more"
    empty = signed_in.post("/plannen/weging/", asked).content.decode()
    assert faults(empty) == []
    costs = {"short-travel": 40, "ranked-choice": 10}
    Schedule.objects.create(
        first_date=week.monday, last_date=week.sunday, figures={"costs": costs}
    )
    answer = signed_in.post("/plannen/weging/", asked)
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (200, [])
    assert 'id="weighed-title"' in html
    lines = dict(answer.context["preview"]["tiers"])
    pulls = [row for rows in lines.values() for row in rows if row["dominates"]]
    assert [row["cost"] for row in pulls] == ["40"]
    part = signed_in.post("/plannen/weging/", asked, headers=HTMX).content.decode()
    assert part.startswith("<section")
    assert "<html" not in part
    assert not PlanningRun.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_the_page_has_as_many_queries_for_one_plan_as_for_three(
    signed_in: Client,
) -> None:
    counts = []
    for number in (1, 2):
        for _ in range(number):
            a_run(state="done", placed=1, unplaced=0, figures={"people": 1})
            published_session()
        with CaptureQueriesContext(connection) as seen:
            html = signed_in.get("/plannen/").content.decode()
        assert faults(html) == []
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_a_plan_beside_the_draft_offers_to_be_chosen(signed_in: Client) -> None:
    run = a_run(
        state="done", placed=371, unplaced=41, as_draft=False, figures=FIGURES,
        may_move="everything", importance={"room-fit": "less"},
    )  # fmt: skip
    other = a_run(state="done", placed=370, unplaced=42, figures=FIGURES)
    html = signed_in.get(f"/plannen/{run.pk}/").content.decode()
    assert faults(html) == []
    assert f'action="/plannen/{run.pk}/kiezen/"' in html
    assert f'action="/plannen/{run.pk}/weg/"' in html
    assert f'name="plan" value="{other.pk}"' in html
    assert "publiceren/" not in html
    PlanningRun.objects.filter(pk=run.pk).update(found={"kept_beside": True})
    kept = signed_in.get(f"/plannen/{run.pk}/").content.decode()
    assert kept != html


def test_a_busy_run_asks_again_and_tells_how_far_it_is(signed_in: Client) -> None:
    run = a_busy_run()
    html = signed_in.get(f"/plannen/{run.pk}/").content.decode()
    assert faults(html) == []
    assert f'hx-get="/plannen/{run.pk}/" hx-trigger="every 1s"' in html
    assert "361" in html
    assert "3,0 %" in html
    assert str(DOING["people"]) in html
    assert f'action="/plannen/{run.pk}/stoppen/"' in html
    part = signed_in.get(f"/plannen/{run.pk}/", headers=HTMX).content.decode()
    assert part.startswith('<div id="run"')
    assert "<html" not in part


@pytest.mark.parametrize("state", ["done", "cancelled", "failed"])
def test_polling_ends_when_the_run_has_ended(signed_in: Client, state: str) -> None:
    run = a_run(state=state, fault="no-plan" if state == "failed" else "")
    part = signed_in.get(f"/plannen/{run.pk}/", headers=HTMX).content.decode()
    assert "hx-trigger" not in part
    assert "hx-get" not in part


def test_what_is_read_aloud_stays_the_same_while_numbers_change(
    signed_in: Client,
) -> None:
    run = a_busy_run()

    def told() -> str:
        part = signed_in.get(f"/plannen/{run.pk}/", headers=HTMX).content.decode()
        return re.search(r'data-announce="([^"]*)"', part)[1]

    first = told()
    PlanningRun.objects.update(placed=370, spent_seconds=50, doing="leaders")
    assert told() == first
    PlanningRun.objects.update(state=RunState.DONE)
    assert told() != first


@pytest.mark.parametrize("word", [*DOING, "something-new", ""])
def test_every_word_of_the_search_is_a_sentence(signed_in: Client, word: str) -> None:
    run = a_busy_run(doing=word)
    lead = signed_in.get(f"/plannen/{run.pk}/").content.decode()
    told = lead.split('<p class="gem-lead">')[1].split("</p>")[0]
    assert told.endswith(".")
    assert len(told) > 20


def test_queries_of_the_page_do_not_grow_with_its_course(
    signed_in: Client, django_assert_max_num_queries: object
) -> None:
    run = a_busy_run(progress=[[n, n, 400.0] for n in range(400)])
    with django_assert_max_num_queries(7):
        signed_in.get(f"/plannen/{run.pk}/", headers=HTMX)


def test_stop_is_asked_of_a_running_run_and_ends_a_waiting_one(
    signed_in: Client,
) -> None:
    busy = a_busy_run()
    signed_in.post(f"/plannen/{busy.pk}/stoppen/")
    busy.refresh_from_db()
    assert (busy.state, busy.cancel_asked) == (RunState.RUNNING, True)
    html = signed_in.get(f"/plannen/{busy.pk}/").content.decode()
    assert "stoppen/" not in html
    waiting = a_run(first_date=WEEK.plus(1).monday, last_date=WEEK.plus(1).sunday)
    signed_in.post(f"/plannen/{waiting.pk}/stoppen/")
    waiting.refresh_from_db()
    assert waiting.state == RunState.CANCELLED
    html = signed_in.get(f"/plannen/{waiting.pk}/").content.decode()
    assert faults(html) == []
    assert 'href="/plannen/"' in html


def test_stopping_by_a_link_is_impossible(signed_in: Client) -> None:
    assert signed_in.get(f"/plannen/{a_busy_run().pk}/stoppen/").status_code == 405


@pytest.mark.parametrize(
    "address", ["/plannen/99/", "/rooster/99/zonder-plek/", "/rooster/99/publiceren/"]
)
def test_what_is_not_there_is_not_found(signed_in: Client, address: str) -> None:
    assert signed_in.get(address).status_code == 404


def test_a_finished_run_leads_to_its_draft(signed_in: Client) -> None:
    run = a_run(state="done", placed=371, unplaced=41, value=1, bound=1.0)
    draft = a_schedule(run=run)
    html = signed_in.get(f"/plannen/{run.pk}/").content.decode()
    assert faults(html) == []
    assert f"/week/2026-W49/?versie={draft.pk}" in html
    assert f"/rooster/{draft.pk}/zonder-plek/" in html
    assert f"/rooster/{draft.pk}/publiceren/" in html


@pytest.mark.parametrize("fault", ["workers-died", "no-plan", "error"])
def test_a_failed_run_says_why_in_whole_sentences(
    signed_in: Client, fault: str
) -> None:
    html = signed_in.get(
        f"/plannen/{a_run(state='failed', fault=fault).pk}/"
    ).content.decode()
    assert faults(html) == []
    told = html.split('role="alert"')[2].split("<p>")[1].split("</p>")[0]
    assert fault not in told
    assert told.endswith(".")


def test_contradicting_pins_are_named_by_what_they_fix(signed_in: Client) -> None:
    session = published_session(offering=OfferingFactory(title_nl="Omgaan met geld"))
    pin = SeriesPin.objects.create(series=session.series, room=session.room)
    seat = SeatPin.objects.create(
        registration=RegistrationFactory(resident=resident()), series=session.series
    )
    run = a_run(state="failed", fault=f"pin{pin.pk}, seat{seat.pk}, pin999999")
    html = signed_in.get(f"/plannen/{run.pk}/").content.decode()
    assert f"Omgaan met geld: {session.room.name}" in html
    assert f"{seat.registration.resident_id}: Omgaan met geld" in html
    assert "pin999999" not in html
    assert SECRET not in html


def test_faults_of_the_facts_are_all_listed(signed_in: Client) -> None:
    fault = "room r1: has no place (give one)\nseries s2: no windows (give one)"
    html = signed_in.get(
        f"/plannen/{a_run(state='failed', fault=fault).pk}/"
    ).content.decode()
    assert "<li>room r1: has no place (give one)</li>" in html
    assert "<li>series s2: no windows (give one)</li>" in html


def test_only_whoever_plans_the_region_may_start_or_stop(client: Client) -> None:
    session = published_session()
    organisation = session.series.offering.organisation
    client.force_login(UserFactory(role=Role.COORDINATOR, organisation=organisation))
    run = a_busy_run()
    looked = client.get(f"/plannen/{run.pk}/").content.decode()
    assert "361" in looked
    assert "stoppen/" not in looked
    assert client.post("/plannen/", {}).status_code == 403
    assert client.post(f"/plannen/{run.pk}/stoppen/").status_code == 403
    assert not ProcrastinateJob.objects.exists()
