"""The demo region: believable, the same for the same seed, and without a clash."""

from __future__ import annotations

import io
import json
import stat
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from audit.actor import Actor
from audit.models import AuditEvent
from courses.enums import SEAT_HOLDING, SessionState
from courses.kinds import OfferingKind
from courses.models import Enrolment, Registration, Series, Session, SessionLeader
from courses.services.region import load_lines, make_demo
from intake.models import Consultation, Referral
from people.enums import Role
from people.models import Facilitator, Organisation, Person, User
from publishing.services.calendar import differences
from rooms.models import Room
from rooms.selectors import closed_dates
from scheduling.adapters.load_problem import load_problem
from scheduling.solver import verify
from scheduling.solver.plan import Plan
from scheduling.solver.validate import faults

MONDAY = date(2026, 11, 23)
WEEK = "2026-W48"


def run(**options: Any) -> str:
    out = io.StringIO()
    defaults = {"scale": 0.1, "seed": 3, "week": WEEK}
    call_command("demo_region", stdout=out, **(defaults | options))
    return out.getvalue()


@pytest.fixture(scope="module")
def region(django_db_setup, django_db_blocker, tmp_path_factory) -> Any:
    """A small region, loaded once for the tests that only look at it."""
    from django.conf import settings
    from django.db import transaction

    var = tmp_path_factory.mktemp("var")
    old, settings.VAR_DIR = settings.VAR_DIR, var
    with django_db_blocker.unblock(), transaction.atomic():
        run()
        yield var
        transaction.set_rollback(True)
    settings.VAR_DIR = old


@pytest.fixture
def look(region, django_db_blocker) -> Any:
    with django_db_blocker.unblock():
        yield region


def this_week() -> Any:
    return Session.objects.filter(
        period__startswith__date__gte=MONDAY,
        period__startswith__date__lt=MONDAY + timedelta(days=7),
        state=SessionState.PUBLISHED,
    )


def test_about_half_of_the_referred_bring_a_relative() -> None:
    tables = make_demo(scale=1, seed=7, monday=MONDAY).tables
    referred = {line["resident"] for line in tables["referrals"]}
    close_to = [line["resident"] for line in tables["relatives"]]
    assert len(close_to) == len(set(close_to))
    assert set(close_to) <= referred
    assert 0.3 < len(close_to) / len(referred) < 0.7


def test_the_base_size_is_that_of_the_region() -> None:
    demo = make_demo(scale=1, seed=7, monday=MONDAY)
    tables = demo.tables
    assert len(tables["centres"]) == 36
    assert len(tables["rooms"]) == 85
    assert len(tables["facilitators"]) == 115
    roles = Counter(
        "expert"
        if "expert" in one["staff_roles"]
        else "social"
        if "social" in one["staff_roles"]
        else "ggz"
        for one in tables["facilitators"]
    )
    assert roles == {"expert": 60, "social": 28, "ggz": 27}
    waiting = [one for one in tables["registrations"] if not one.get("state")]
    assert 300 <= len(waiting) <= 500
    planned = [one for one in tables["series"] if one["state"] == "planned"]
    single = Counter(one["offering"] for one in planned)
    assert single["verkennend-gesprek"] == 26
    assert single["meedenken"] == 15
    assert len(planned) - 26 - 15 == 60
    meeting = [group for group in demo.groups if group.meets_this_week]
    kinds = Counter(group.offering.kind for group in meeting)
    assert 19 <= kinds[OfferingKind.RECOVERY_COURSE] <= 22
    assert 25 <= kinds[OfferingKind.PEER_GROUP] <= 29
    assert 25 <= kinds[OfferingKind.GROUP_TREATMENT] <= 28
    assert 110 <= len(meeting) + 26 + 15 <= 125


def test_the_same_seed_gives_the_same_region_and_another_does_not() -> None:
    first = make_demo(scale=0.1, seed=3, monday=MONDAY)
    assert make_demo(scale=0.1, seed=3, monday=MONDAY).tables == first.tables
    other = make_demo(scale=0.1, seed=4, monday=MONDAY)
    assert other.tables["residents"] != first.tables["residents"]


def test_scale_grows_the_region() -> None:
    small, large = (make_demo(scale=scale, seed=3, monday=MONDAY) for scale in (0.5, 2))
    for name, least in (("rooms", 3), ("facilitators", 3.5), ("residents", 3)):
        assert len(large.tables[name]) > least * len(small.tables[name])
    names = [line["name"] for line in large.tables["centres"]]
    assert len(names) == len(set(names)) == 72


def test_the_rows_are_there(look) -> None:
    demo = make_demo(scale=0.1, seed=3, monday=MONDAY)
    assert Room.objects.count() == len(demo.tables["rooms"])
    assert Facilitator.objects.count() == len(demo.tables["facilitators"])
    assert Registration.objects.count() == len(demo.tables["registrations"])
    assert Series.objects.count() == len(demo.tables["series"])
    assert this_week().count() == sum(one.meets_this_week for one in demo.groups)
    assert Referral.objects.filter(registration__isnull=False).count() == 3
    assert Consultation.objects.filter(series__isnull=False).count() == 2
    assert AuditEvent.objects.filter(event_code="import.residents").count() == 1


def test_series_are_half_way(look) -> None:
    running = Series.objects.filter(state="running")
    assert running.count() >= 7
    for series in running:
        held = series.sessions.filter(period__startswith__date__lt=MONDAY).count()
        coming = series.sessions.filter(period__startswith__date__gte=MONDAY).count()
        assert held >= 1
        assert coming >= 1


@pytest.mark.parametrize(
    ("kind", "weeks", "start"), [("week", 1, 0), ("week", 1, 1), ("term", 20, 0)]
)
def test_what_is_published_breaks_no_rule(
    look, kind: str, weeks: int, start: int
) -> None:
    first = MONDAY + timedelta(weeks=start)
    loaded = load_problem(
        actor=Actor.system("test"),
        kind=kind,
        first_date=first,
        last_date=first + timedelta(days=weeks * 7 - 1),
    )
    problem = loaded.problem
    assert faults(problem) == ()
    assert problem.published.placements
    assert not problem.published.freed_series
    plan = Plan(problem.id, problem.published.placements)
    assert verify.violations(problem, plan) == ()
    assert problem.registrations


def test_no_session_lies_on_a_closed_day(look) -> None:
    for session in Session.objects.filter(room__isnull=False).select_related(
        "room__centre__place__municipality"
    ):
        day = session.period.lower.date()
        assert day not in closed_dates(centre=session.room.centre, first=day, last=day)


def test_some_sessions_were_cancelled(look) -> None:
    cancelled = Session.objects.filter(state=SessionState.CANCELLED)
    demo = make_demo(scale=0.1, seed=3, monday=MONDAY)
    assert {
        (one.series.reference, one.period.lower.date()) for one in cancelled
    } == set(demo.cancelled)
    leader = Facilitator.objects.get(person__reference=demo.busy_leader)
    assert leader.led_sessions.filter(state=SessionState.CANCELLED).exists()


def test_the_calendar_shows_the_sessions(look) -> None:
    assert differences() == ()


def test_there_is_an_account_for_each_role_that_can_sign_in(look) -> None:
    path = look / "demo-logins.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert [row["role"] for row in rows] == list(Role.values)
    for row in rows:
        user = authenticate(None, email=row["email"], password=row["password"])
        assert user is not None
        assert user.roles == {row["role"]}
    assert len({row["password"] for row in rows}) == len(rows)


def test_the_accounts_have_something_to_see(look) -> None:
    def user(role: Role) -> User:
        return User.objects.get(memberships__role=role)

    leader = user(Role.FACILITATOR).person.facilitator
    assert SessionLeader.objects.filter(
        facilitator=leader, session__in=this_week()
    ).exists()
    resident = user(Role.RESIDENT).person.resident
    seat = resident.enrolments.get(state__in=SEAT_HOLDING)
    assert seat.series.sessions.filter(
        period__startswith__date__gt=MONDAY + timedelta(days=7)
    ).exists()
    assert resident.registrations.filter(state="waiting").exists()
    manager = user(Role.CENTRE_MANAGER).memberships.get()
    assert Room.objects.filter(centre__organisation=manager.organisation).exists()


def test_a_reason_for_one_to_one_is_written_by_a_person(look) -> None:
    written = Registration.objects.filter(one_to_one_reason__isnull=False)
    coordinator = User.objects.get(memberships__role=Role.COORDINATOR)
    assert {one.reason_by_id for one in written} <= {coordinator.pk}
    assert all(3 in one.allowed_levels for one in written)


def test_importing_the_demo_again_changes_nothing(look) -> None:
    demo = make_demo(scale=0.1, seed=3, monday=MONDAY)
    outcome = load_lines(tables=demo.tables, actor=Actor.system("test"))
    assert (outcome.added, outcome.changed) == (0, 0)


def test_people_look_like_people_of_here(look) -> None:
    for person in Person.objects.select_related("place"):
        assert person.call_name[0].isupper()
        assert person.postcode4[:2] in {"73", "74", "80", "81"}
        assert person.contact_address.endswith(".example.org")
    assert Enrolment.objects.count() > 30


def test_files_hold_the_same_region(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    run(as_files=str(folder))
    demo = make_demo(scale=0.1, seed=3, monday=MONDAY)
    assert {one.stem for one in folder.iterdir()} == set(demo.tables)
    lines = (folder / "residents.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == len(demo.tables["residents"]) + 1
    with pytest.raises(CommandError) as error:
        run(as_files=str(folder))
    assert error.value.returncode == 2


@pytest.mark.django_db
def test_a_region_that_is_there_is_left_alone() -> None:
    Organisation.objects.create(code="brug", name="De Brug", kind="welfare")
    assert "nothing was changed" in run(if_empty=True)
    with pytest.raises(CommandError) as error:
        run()
    assert error.value.returncode == 2
    assert Organisation.objects.count() == 1
    assert not Person.objects.exists()


def test_production_refuses_the_demo(settings) -> None:
    settings.DEMO_DATA_ALLOWED = False
    with pytest.raises(CommandError) as error:
        run()
    assert error.value.returncode == 2


@pytest.mark.parametrize("options", [{"scale": 0}, {"scale": 11}, {"week": "2026-W60"}])
@pytest.mark.django_db
def test_bad_input_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(CommandError) as error:
        run(**options)
    assert error.value.returncode == 2
    assert not Organisation.objects.exists()
