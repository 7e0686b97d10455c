"""The page that looks for ways: followed while it works, and on by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from publishing.services.release import release
from scheduling.models import PlanningRun, Repair
from scheduling.services.files import erase_files
from scheduling.services.repairs import seat_newcomer
from scheduling.services.runs import perform_run
from scheduling.views.looking import no_seat
from tests.scheduling.rows import ACTOR, asks_for
from tests.scheduling.services.test_repairs import TODAY, TUESDAY, World, choose
from tests.scheduling.views.conftest import a_run
from tests.web.html import faults

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return World()


def address(run: PlanningRun) -> str:
    return reverse("scheduling:looking", args=[run.pk])


def at_work(run: PlanningRun, **found: Any) -> PlanningRun:
    PlanningRun.objects.filter(pk=run.pk).update(
        state="running", lease_until=timezone.now(), fence=1, doing="ways", found=found
    )
    run.refresh_from_db()
    return run


def test_it_waits_then_works_and_leads_on_by_itself(
    signed_in: Client, world: World
) -> None:
    run = world.ask(last=TUESDAY + timedelta(weeks=1))
    html = signed_in.get(address(run)).content.decode()
    assert faults(html) == []
    assert 'hx-trigger="every 500ms"' in html
    assert f"/plannen/{run.pk}/stoppen/" in html
    assert "<noscript>" in html
    part = signed_in.get(address(run), headers=HTMX)
    assert "HX-Request" in part["Vary"]
    assert part["Cache-Control"] == "no-store"
    assert "<html" not in part.content.decode()
    perform_run(run_id=run.pk)
    first, second = Repair.objects.order_by("run__first_date")
    led = signed_in.get(address(run), headers=HTMX)
    where = reverse("scheduling:repair", args=[first.pk])
    assert led["HX-Redirect"] == address(run)
    answer = signed_in.get(address(run), follow=True)
    assert answer.redirect_chain == [(where, 302)]
    assert len(answer.context["messages"]) == 1  # two weeks: choose for each
    assert reverse("scheduling:repair", args=[second.pk]) in answer.content.decode()


def test_nothing_touched_is_said_on_the_week(signed_in: Client, world: World) -> None:
    day = TUESDAY + timedelta(days=2)
    run = world.ask(first=day, last=day)
    perform_run(run_id=run.pk)
    answer = signed_in.get(address(run), follow=True)
    assert answer.redirect_chain[0][0] == reverse("scheduling:week")
    assert len(answer.context["messages"]) == 1


@pytest.mark.parametrize("time_up", [False, True])
def test_no_seat_is_claimed_only_when_that_is_known(
    signed_in: Client, world: World, time_up: bool
) -> None:
    run = seat_newcomer(
        registration=asks_for(world.group),
        actor=ACTOR,
        user=world.user,
        first=TUESDAY,
        today=TODAY,
    )
    PlanningRun.objects.filter(pk=run.pk).update(
        state="done", found={"weeks": [], "repairs": [], "time_up": time_up}
    )
    answer = signed_in.get(address(run), follow=True)
    (told,) = answer.context["messages"]
    with override("nl"):
        known, unknown = no_seat(time_up=False), no_seat(time_up=True)
    assert known != unknown
    assert str(told) == (unknown if time_up else known)


def test_stopping_comes_back_to_this_page(signed_in: Client, world: World) -> None:
    run = world.ask()
    answer = signed_in.post(f"/plannen/{run.pk}/stoppen/", follow=True)
    assert answer.redirect_chain[0][0] == address(run)
    html = answer.content.decode()
    assert faults(html) == []
    assert "hx-get" not in html
    # What there is to do is to ask anew, with all that was filled in.
    again = {
        "about": str(world.leader.pk),
        "first": TUESDAY.isoformat(),
        "last": TUESDAY.isoformat(),
        "after": run.pk,
    }
    for name, value in again.items():
        assert f'name="{name}" value="{value}"' in html
    asked = signed_in.post(reverse("scheduling:report", args=["ziek"]), again)
    newer = PlanningRun.objects.filter(task="repair").latest("pk")
    assert newer != run
    assert asked["Location"] == address(newer)


@pytest.mark.parametrize("task", ["what_if", "lacks"])
def test_stopping_a_what_if_comes_back_to_its_own_page(
    signed_in: Client, task: str
) -> None:
    base = a_run(state="done", placed=1, plan={}, figures={"seated": 1})
    run = a_run(task=task, as_draft=False, based_on=base)
    answer = signed_in.post(f"/plannen/{run.pk}/stoppen/")
    assert answer["Location"] == {
        "what_if": reverse("scheduling:tried", args=[run.pk]),
        "lacks": reverse("scheduling:what-if", args=[base.pk]),
    }[task]  # fmt: skip


def test_what_was_found_is_there_when_the_rest_failed(
    signed_in: Client, world: World
) -> None:
    (repair,) = world.ill()
    run = world.ask(last=TUESDAY + timedelta(weeks=1))
    at_work(run, weeks=["2026-11-30"], repairs=[repair.pk])
    where = reverse("scheduling:repair", args=[repair.pk])
    for state, fault in (("running", ""), ("failed", "workers-died")):
        PlanningRun.objects.filter(pk=run.pk).update(state=state, fault=fault)
        html = signed_in.get(address(run)).content.decode()
        assert faults(html) == []
        assert f'href="{where}"' in html
        assert ('id="again"' in html) is (state == "failed")
    PlanningRun.objects.filter(pk=run.pk).update(state="cancelled")
    answer = signed_in.get(address(run), follow=True)
    assert answer.redirect_chain[0][0] == where
    assert len(answer.context["messages"]) == 1  # a week was not looked at


def test_a_plan_is_not_followed_here(signed_in: Client) -> None:
    assert signed_in.get(address(a_run())).status_code == 404
    assert signed_in.get("/herstel/bezig/999999/").status_code == 404


def test_the_report_names_what_is_being_looked_for(
    signed_in: Client, world: World
) -> None:
    page = reverse("scheduling:report", args=["ruimte"])
    with CaptureQueriesContext(connection) as one:
        signed_in.get(page)
    runs = [world.ask(last=TUESDAY + timedelta(days=more)) for more in range(3)]
    for run in runs[:2]:
        perform_run(run_id=run.pk)
    with CaptureQueriesContext(connection) as more:
        html = signed_in.get(page).content.decode()
    assert faults(html) == []
    assert len(more) == len(one)
    assert address(runs[2]) in html
    assert address(runs[0]) not in html


def test_following_it_takes_as_many_queries_for_three_weeks_as_for_one(
    signed_in: Client, world: World
) -> None:
    (repair,) = world.ill()
    others = [
        Repair.objects.create(
            kind=repair.kind,
            about=repair.about,
            first_day=TODAY,
            last_day=TUESDAY,
            run=a_run(state="done"),
        ).pk
        for _ in range(2)
    ]
    run, counts = world.ask(last=TUESDAY + timedelta(weeks=2)), []
    for found in ([repair.pk], [repair.pk, *others]):
        at_work(run, weeks=["2026-11-30"], repairs=found)
        with CaptureQueriesContext(connection) as asked:
            html = signed_in.get(address(run), headers=HTMX).content.decode()
        assert html.count("<li>") == len(found)
        counts.append(len(asked))
    assert counts[0] == counts[1]


class TestStale:
    """Ways of a week that changed since are told to be old, and can be asked anew."""

    def test_what_changed_is_named_and_nothing_can_be_taken(
        self, signed_in: Client, world: World
    ) -> None:
        (repair,) = world.ill()
        where = reverse("scheduling:repair", args=[repair.pk])
        html = signed_in.get(where).content.decode()
        assert 'name="rank" value="1"' in html
        # What is read aloud begins with what is seen.
        assert 'aria-label="Kies deze manier: Manier 1"' in html
        session = world.session()
        session.last_modified = timezone.now()
        session.save()
        html = signed_in.get(where).content.decode()
        assert faults(html) == []
        assert 'name="rank"' not in html
        assert html.count('id="again"') == 1
        assert f'name="after" value="{repair.run_id}"' in html

    def test_newer_ways_of_the_same_week_are_pointed_to(
        self, signed_in: Client, world: World
    ) -> None:
        (old,) = world.ill()
        (new,) = world.ill(after=old.run_id)
        html = signed_in.get(reverse("scheduling:repair", args=[old.pk]))
        assert html.context["newer"]["href"] == f"/herstel/{new.pk}/"
        newest = signed_in.get(reverse("scheduling:repair", args=[new.pk]))
        assert newest.context["newer"] is None
        assert newest.context["others"] == []
        report = signed_in.get(reverse("scheduling:report", args=["ziek"]))
        (line,) = report.context["repairs"]
        assert line["href"] == f"/herstel/{new.pk}/"

    def test_publishing_a_way_does_not_make_it_old(
        self, signed_in: Client, world: World
    ) -> None:
        (repair,) = world.ill()
        where = reverse("scheduling:repair", args=[repair.pk])
        schedule = choose(world, repair)
        assert signed_in.get(where).context["outdated"] == ""
        release(actor=ACTOR, user=world.user, schedule=schedule)
        assert signed_in.get(where).context["outdated"] == ""


def test_what_is_not_kept_any_more_says_so_and_is_listed_no_more(
    signed_in: Client, world: World
) -> None:
    run = world.ask()
    perform_run(run_id=run.pk)
    repair = reverse("scheduling:repair", args=[Repair.objects.get().pk])
    listing = reverse("scheduling:report", args=["ziek"])
    assert repair in signed_in.get(listing).content.decode()
    later = timezone.now() + timedelta(days=1)
    erase_files(actor=ACTOR, before=later, dry_run=False)
    for press in (
        signed_in.get(address(run), follow=True),
        signed_in.get(repair, follow=True),
        signed_in.post(repair, {"rank": 1}, follow=True),
    ):
        html = press.content.decode()
        assert press.redirect_chain[0][1] == 302
        ((told, _level),) = [(str(m), m.level) for m in press.context["messages"]]
        assert told.startswith("Wat zo lang geleden is gebeurd, bewaren we niet")
        assert repair not in html
        assert faults(html) == []
