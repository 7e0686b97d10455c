"""A coordinator without a mouse: moves a session, mends an illness, goes back; helps
who is left out; and mends the loss of a room."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from benchmarks.journey import Person
from courses.models import Session
from people.enums import Role
from people.models import User
from publishing.models import Release
from scheduling.models import (
    HelpStep,
    PlanningRun,
    Schedule,
    ScheduledSeries,
    ScheduledSession,
)
from scheduling.services.runs import perform_run
from scheduling.weeks import Week
from tests.factories import PersonFactory, SeriesFactory, UserFactory
from tests.scheduling.helped_pages import FURTHER, somebody
from tests.scheduling.rows import a_group, a_leader, a_room, running
from tests.scheduling.views.conftest import WEEK, a_schedule
from tests.web.phone import PASSWORD

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.django_db(transaction=True),
]
REPAIRED = re.compile(r"/herstel/\d+/")
RELEASED = re.compile(r"/publicaties/\d+/")
ONE_SESSION = re.compile(r"/bijeenkomst/[^/]+/(#.*)?$")


class Coordinator(Person):
    """Somebody who has a keyboard and nothing else."""

    def write_by_keyboard(self, selector: str, text: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.type(text)

    def write_day(self, selector: str, day: date) -> None:
        """Day and month in the order that this browser asks for."""
        self.tab_to(selector)
        field = self.page.locator(selector)
        for order in ("%d%m%Y", "%m%d%Y"):
            self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.type(day.strftime(order))
            if field.input_value() == day.isoformat():
                return
        raise AssertionError(f"{selector} holds {field.input_value()}, not {day}")

    def choose_by_keyboard(self, selector: str, value: str) -> None:
        """One of a list, with the arrow down."""
        self.tab_to(selector)
        field = self.page.locator(selector)
        for _ in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{selector} holds {field.input_value()}, not {value}")

    def unfold(self, selector: str) -> None:
        """Open what is folded away in an element."""
        self.by_keyboard(f"{selector} summary", f"what folds away in {selector}")
        expect(self.page.locator(f"{selector} details")).to_have_attribute("open", "")

    def sign_in(self, user: User) -> None:
        user.set_password(PASSWORD)
        user.save()
        self.page.goto(f"{self.site}/accounts/login/")
        self.write_by_keyboard("input[name=login]", user.email)
        self.write_by_keyboard("input[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/week/**")

    def publish(self) -> None:
        self.page.wait_for_url("**/publiceren/")
        self.by_keyboard("#publish", "publish")
        self.page.wait_for_url(RELEASED)


@pytest.fixture
def day() -> date:
    """A Tuesday in the week that comes."""
    return Week.of(timezone.localdate()).plus(1).days[1]


@pytest.fixture
def session(day: date) -> Session:
    """A group with a leader, and another who could step in."""
    group = running(
        f"{day} 10:00",
        room=a_room(capacity=20),
        leaders=[a_leader(person=PersonFactory(call_name="Zwaantje"))],
        members=6,
        offering=a_group(),
    )
    a_leader(person=PersonFactory(call_name="Anneke"))
    return group.sessions.get()


def leader(session: Session) -> str:
    return session.session_leaders.get().facilitator.person.call_name


def starts(session: Session) -> str:
    session.refresh_from_db()
    return f"{timezone.localtime(session.period.lower):%H:%M}"


def test_a_week_is_changed_mended_and_put_back_by_keyboard(
    page: Page, live_server: Any, session: Session, day: date
) -> None:
    person = Coordinator(page, live_server.url)
    person.sign_in(UserFactory(role=Role.COORDINATOR))

    # From the board to another time, and what that means.
    page.goto(f"{live_server.url}/week/{Week.of(day)}/")
    person.by_keyboard("main a.gem-chip", "the session")
    page.wait_for_url(ONE_SESSION)
    person.by_keyboard('form[action$="/wijzigen/"] button', "change by hand")
    page.wait_for_url("**versie=*")
    person.by_keyboard("main a.gem-chip", "the session of the draft")
    page.wait_for_url(ONE_SESSION)
    person.by_keyboard('main a[href$="/wijzigen/"]', "move")
    page.wait_for_url("**/wijzigen/")
    person.write_by_keyboard("input[type=time]", "0930")
    expect(page.locator("input[type=time]")).to_have_value("09:30")
    page.keyboard.press("Enter")
    expect(page.locator("#meaning")).to_be_visible()
    person.by_keyboard("#do", "change it")
    page.wait_for_url(ONE_SESSION)

    # Taken back, done again, published.
    for way in ("terug", "opnieuw"):
        if way == "terug":
            person.by_keyboard(".gem-breadcrumb a", "back to the week")
            page.wait_for_url("**versie=*")
        person.by_keyboard(f'form[action$="/{way}/"] button', way)
        expect(page.locator(f'form[action$="/{way}/"]')).to_have_count(0)
    person.by_keyboard("#to-release", "to publishing")
    person.publish()
    assert starts(session) == "09:30"

    # The leader falls ill: the first way out, published.
    person.by_keyboard('main a[href*="/week/"]', "the week")
    page.wait_for_url("**/week/**")
    person.by_keyboard('main a[href$="/herstel/ziek/"]', "somebody is ill")
    page.wait_for_url("**/herstel/ziek/")
    person.write_by_keyboard("select[name=about]", "Zwaa")
    person.write_day("[name=first]", day)
    person.write_day("[name=last]", day)
    person.by_keyboard("#report", "look for ways")
    page.wait_for_url("**/herstel/bezig/*/")
    perform_run(run_id=PlanningRun.objects.get(task="repair").pk)
    page.wait_for_url(REPAIRED)  # the page went on by itself
    person.by_keyboard("main form button[aria-label]", "the first way")
    person.publish()
    assert leader(session) == "Anneke"

    # And back, with the rule that this breaks accepted by name.
    person.by_keyboard(".gem-breadcrumb a", "publications")
    page.wait_for_url("**/publicaties/")
    person.by_keyboard('td a[href$="/publiceren/"]', "go back")
    page.wait_for_url("**/publiceren/")
    ticks = page.locator("main input[name=accept]").count()
    assert ticks > 0
    for number in range(ticks):
        person.tab_to(f"main input[name=accept] >> nth={number}")
        page.keyboard.press("Space")
    person.publish()
    assert leader(session) == "Zwaantje"
    assert Release.objects.count() == 3


def test_who_is_left_out_is_found_and_helped_by_keyboard(
    page: Page, live_server: Any
) -> None:
    draft = a_schedule()
    somebody(draft, FURTHER)
    few = {"kind": "smaller-start", "series": str(SeriesFactory().pk), "seats": 2}
    ScheduledSeries.objects.create(
        schedule=draft,
        series_id=few["series"],
        held=False,
        seen_at=WEEK.start,
        why={"rules": ["group-size"], "ways": [{"changes": [few], "seats": 4}]},
    )
    person = Coordinator(page, live_server.url)
    person.sign_in(UserFactory(role=Role.COORDINATOR))

    # From the board to who has no seat, for one reason.
    page.goto(f"{live_server.url}/week/{WEEK}/?versie={draft.pk}")
    person.by_keyboard('main a[href$="/zonder-plek/"]', "who has no seat")
    page.wait_for_url("**/zonder-plek/")
    person.by_keyboard('main a[href*="reden=resident-travel"]', "that reason")
    page.wait_for_url("**reden=resident-travel**")
    person.by_keyboard('.gem-leftout a[href*="#w-"]', "what would help")

    # What was agreed is written down, and taken back.
    page.wait_for_url("**/zonder-plek/*/#w-*")
    person.unfold("#w-r0-0")
    person.tab_to("#w-r0-0 input[name=agreed]")
    page.keyboard.press("Space")
    person.by_keyboard("#w-r0-0 form:has(input[name=agreed]) button", "change it")
    page.wait_for_url("**/#done")
    assert HelpStep.objects.get().state == "done"
    undo = 'section[aria-labelledby="done"] form button'
    person.by_keyboard(undo, "undo")
    expect(page.locator(undo)).to_have_count(0)
    assert HelpStep.objects.get().state == "undone"

    # Something else: wait for the next period.
    person.unfold("#term")
    person.by_keyboard("#term form button", "put on the list")
    expect(page.locator("#term details")).to_have_count(0)
    assert HelpStep.objects.filter(state="done").count() == 1

    # And a group that would not be held.
    person.by_keyboard(".gem-breadcrumb a", "who has no seat")
    page.wait_for_url("**/zonder-plek/")
    person.by_keyboard('main a[href*="/niet-gehouden/"]', "the group")
    page.wait_for_url("**/niet-gehouden/**")
    person.by_keyboard("#ways ~ ul form:has(input[value=way]) button", "do this")
    page.wait_for_url("**/#done")
    assert HelpStep.objects.filter(state="done").count() == 2


def test_a_room_that_is_lost_is_mended_by_keyboard(
    page: Page, live_server: Any, session: Session, day: date
) -> None:
    lost = session.room
    assert lost is not None
    other = a_room(centre=lost.centre, capacity=20)
    week = Week.of(day)
    Schedule.objects.create(
        first_date=week.monday, last_date=week.sunday, state="published"
    )
    person = Coordinator(page, live_server.url)
    person.sign_in(UserFactory(role=Role.COORDINATOR))
    page.goto(f"{live_server.url}/week/{week}/")

    # Each thing that can happen has its page.
    for what in ("ziek", "centrum", "ruimte"):
        person.by_keyboard(f'main a[href$="/herstel/{what}/"]', what)
        page.wait_for_url(f"**/herstel/{what}/")
        person.tab_to("#report")
    person.choose_by_keyboard("select[name=about]", str(lost.pk))
    person.write_day("[name=first]", day)
    person.write_day("[name=last]", day)
    person.by_keyboard("#report", "look for ways")
    page.wait_for_url("**/herstel/bezig/*/")
    person.tab_to("#stop")
    perform_run(run_id=PlanningRun.objects.get(task="repair").pk)
    page.wait_for_url(REPAIRED)

    # The ways, the button to look again, and the first way taken.
    person.tab_to("#again")
    person.by_keyboard("main form button[aria-label]", "the first way")
    page.wait_for_url("**/publiceren/")
    person.tab_to("#publish")
    drafted = ScheduledSession.objects.get(session_id=session.pk)
    assert drafted.room == other
