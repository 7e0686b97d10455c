"""Plans side by side on a page, and choosing one of them there."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from courses.models import Enrolment
from courses.selectors.hiding import note_of
from people.enums import Role
from scheduling.models import PlanningRun, Schedule, ScheduleEdit
from scheduling.services.edits import drop_session
from scheduling.words import edit_words
from tests.factories import UserFactory
from tests.scheduling.rows import ACTOR
from tests.scheduling.services.test_choosing import beside, made
from tests.scheduling.services.test_scenarios import Region
from tests.web.html import faults

pytestmark = pytest.mark.django_db


def address(*runs: Any) -> str:
    asked = "&".join(f"plan={one}" for one in runs)
    return f"{reverse('scheduling:compare')}?{asked}"


def two() -> tuple[PlanningRun, PlanningRun]:
    """A draft, and a plan beside it with one seat more."""
    region = Region()
    first = made()
    region.group.size_max = 7
    region.group.save()
    return first, beside()


def test_each_plan_is_a_column_with_its_difference(signed_in: Client) -> None:
    first, second = two()
    answer = signed_in.get(address(first.pk, second.pk))
    html = answer.content.decode()
    assert faults(html) == []
    _name, cells = answer.context["rows"][0]
    assert [cell[2] for cell in cells] == ["", "+1"]
    assert int(cells[1][1]) == int(cells[0][1]) + 1
    assert answer.context["differences"][0]["people"].startswith("1 ")
    for run in (first, second):
        assert reverse("scheduling:run", args=[run.pk]) in html
    assert html.count("/kiezen/") == 1  # the draft is chosen already


@pytest.mark.parametrize("counts", [{"own-wish": 1}, {"own-wish": 1, "other": 7}])
def test_reasons_of_few_people_are_for_who_coordinates(
    signed_in: Client, client: Client, counts: dict[str, int]
) -> None:
    runs = [run.pk for run in two()]
    for run in PlanningRun.objects.filter(pk__in=runs):
        run.figures |= {"one_to_one": sum(counts.values()), "reasons": counts}
        run.save()
    row = gettext("Reasons for one-to-one")

    def told() -> str:
        rows = dict(client.get(address(*runs)).context["rows"])
        return str(rows[row][0][1])

    client.force_login(UserFactory(role=Role.COORDINATOR))
    assert all(str(number) in told() for number in counts.values())
    client.force_login(UserFactory(role=Role.FUNCTIONAL_ADMINISTRATOR))
    seen = told().replace(note_of(), "")
    assert not any(letter.isdigit() for letter in seen)


def test_the_page_has_as_many_queries_for_two_as_for_four(signed_in: Client) -> None:
    first, second = two()
    runs = [first.pk, second.pk, beside().pk, beside().pk]
    counts = []
    for asked in (runs[:2], runs):
        signed_in.get(address(*asked))
        with CaptureQueriesContext(connection) as seen:
            answer = signed_in.get(address(*asked))
        assert len(answer.context["columns"]) == len(asked)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 13


def test_choosing_is_one_press_and_moves_the_seats(signed_in: Client) -> None:
    first, second = two()
    shown = {"draft": f"{Schedule.objects.get().pk}.0", "anders_weg": "1"}
    answer = signed_in.post(f"/plannen/{second.pk}/kiezen/", shown)
    assert answer["Location"] == f"/plannen/{second.pk}/"
    draft = Schedule.objects.get()
    assert draft.run_id == second.pk
    held = Enrolment.objects.filter(state="held_by_draft").count()
    assert held == draft.seats.count() == 1
    first.refresh_from_db()
    assert first.plan is None
    html = signed_in.get(f"/plannen/{second.pk}/").content.decode()
    assert faults(html) == []
    assert f"/rooster/{draft.pk}/publiceren/" in html


def test_a_draft_that_a_colleague_changed_is_not_thrown_away_unseen(
    signed_in: Client,
) -> None:
    first, second = two()
    draft = Schedule.objects.get()
    page = signed_in.get(address(first.pk, second.pk)).content.decode()
    assert f'name="draft" value="{draft.pk}.0"' in page
    edit = changed_by_hand(draft)
    asked = {"draft": f"{draft.pk}.0", "anders_weg": "1"}
    answer = signed_in.post(f"/plannen/{second.pk}/kiezen/", asked)
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    assert Schedule.objects.get() == draft
    assert answer.context["since"] == [edit_words(edit)]
    assert edit_words(edit) in html
    # The choice that was made stands there still, with the draft as it is now.
    assert 'name="anders_weg" value="1" checked' in html
    assert f'name="draft" value="{draft.pk}.1"' in html
    again = signed_in.post(f"/plannen/{second.pk}/kiezen/", {"draft": f"{draft.pk}.1"})
    assert again.status_code == 302
    assert Schedule.objects.get().run_id == second.pk


def test_what_goes_by_choosing_is_said_on_every_page(signed_in: Client) -> None:
    first, second = two()
    draft = Schedule.objects.get()
    pages = [f"/plannen/{second.pk}/", address(first.pk, second.pk)]
    before = [signed_in.get(one).content.decode() for one in pages]
    changed_by_hand(draft)
    for page, earlier in zip(pages, before, strict=True):
        html = signed_in.get(page).content.decode()
        assert faults(html) == []
        assert html.count("</p>") == earlier.count("</p>") + 1
        assert f'name="draft" value="{draft.pk}.1"' in html


def changed_by_hand(draft: Schedule) -> ScheduleEdit:
    """A change of a colleague: the session of the group is not held."""
    return drop_session(
        actor=ACTOR,
        user=UserFactory(),
        schedule=draft,
        session=draft.sessions.get().session_id,
        version=draft.version,
    )


def test_a_plan_that_no_longer_fits_is_refused_on_its_own_page(
    signed_in: Client,
) -> None:
    first, second = two()
    PlanningRun.objects.filter(pk=second.pk).update(problem=None, plan=None)
    answer = signed_in.post(f"/plannen/{second.pk}/kiezen/", follow=True)
    html = answer.content.decode()
    assert faults(html) == []
    (told,) = answer.context["messages"]
    assert (told.level_tag, str(told) in html) == ("error", True)
    assert Schedule.objects.get().run_id == first.pk


def test_throwing_away_leaves_the_draft(signed_in: Client) -> None:
    first, second = two()
    signed_in.post(f"/plannen/{second.pk}/weg/")
    second.refresh_from_db()
    assert (second.plan, second.figures) == (None, {})
    signed_in.post(f"/plannen/{first.pk}/weg/")
    first.refresh_from_db()
    assert first.plan is not None
    assert Schedule.objects.get().run_id == first.pk


def test_figures_stay_when_the_facts_are_erased(signed_in: Client) -> None:
    first, second = two()
    PlanningRun.objects.filter(pk=first.pk).update(problem=None, plan=None)
    answer = signed_in.get(address(first.pk, second.pk))
    assert answer.status_code == 200
    assert answer.context["some_gone"]
    assert answer.context["differences"] == []


def test_plans_are_ticked_where_plans_are_made(signed_in: Client) -> None:
    Region()
    run = made()
    page = reverse("scheduling:run-new")
    assert 'name="plan"' not in signed_in.get(page).content.decode()
    other = beside()
    html = signed_in.get(page).content.decode()
    assert faults(html) == []
    for one in (run, other):
        assert f'name="plan" value="{one.pk}"' in html


@pytest.mark.parametrize("asked", [(), ("1", "x"), ("999999", "1"), range(1, 6)])
def test_fewer_than_two_plans_or_too_many_are_asked_again(
    signed_in: Client, asked: Any
) -> None:
    answer = signed_in.get(address(*asked))
    assert answer.status_code == 404
    assert faults(answer.content.decode()) == []


@pytest.mark.parametrize("way", ["kiezen", "weg"])
def test_choosing_or_dropping_a_run_that_is_not_there(
    signed_in: Client, way: str
) -> None:
    assert signed_in.post(f"/plannen/999999/{way}/").status_code == 404
    assert signed_in.get(f"/plannen/999999/{way}/").status_code == 405
