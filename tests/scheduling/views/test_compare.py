"""Two plans side by side on a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scheduling.models import PlanningRun
from tests.scheduling.services.test_scenarios import Region, ran
from tests.web.html import faults

pytestmark = pytest.mark.django_db


def address(one: Any, other: Any) -> str:
    return f"{reverse('scheduling:compare')}?een={one}&ander={other}"


def test_figures_of_both_stand_beside_each_other(signed_in: Client) -> None:
    region = Region()
    first = ran()
    region.group.size_max = 7
    region.group.save()
    second = ran()
    answer = signed_in.get(address(first.pk, second.pk))
    html = answer.content.decode()
    assert faults(html) == []
    assert (answer.context["gained"], answer.context["lost"]) == (1, 0)
    people = answer.context["rows"][0]
    assert int(people[2]) == int(people[1]) + 1
    for run in (first, second):
        assert reverse("scheduling:run", args=[run.pk]) in html


def test_what_was_erased_is_said_to_be(signed_in: Client) -> None:
    Region()
    run = ran()
    PlanningRun.objects.filter(pk=run.pk).update(problem=None, plan=None)
    answer = signed_in.get(address(run.pk, run.pk))
    assert answer.status_code == 200
    assert answer.context["gone"]
    assert "rows" not in answer.context


def test_two_plans_can_be_chosen_where_plans_are_made(signed_in: Client) -> None:
    Region()
    run = ran()
    page = reverse("scheduling:run-new")
    assert "compare-other" not in signed_in.get(page).content.decode()
    ran()
    html = signed_in.get(page).content.decode()
    assert faults(html) == []
    assert f'<option value="{run.pk}"' in html


@pytest.mark.parametrize(("one", "other"), [("", ""), ("1", "x"), ("999999", "1")])
def test_a_run_that_is_not_there_is_no_page(
    signed_in: Client, one: str, other: str
) -> None:
    assert signed_in.get(address(one, other)).status_code == 404
