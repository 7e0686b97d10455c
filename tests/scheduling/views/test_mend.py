"""A finding of the check is mended where it stands, and is gone at the next look."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.models import AuditEvent
from audit.rows import version_of
from people.enums import Role
from scheduling.forms_mend import FORMS
from scheduling.services.mends import MENDS
from scheduling.solver.doctor import CHECKS
from tests.factories import FacilitatorFactory, UserFactory
from tests.mend_cases import (
    CASES,
    WEEKLY,
    a_resident,
    asks_for_nothing,
    leader_never_free,
    nobody_may_lead,
)
from tests.scheduling.views.conftest import SECRET, WEEK
from tests.web.html import faults

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def address(check: str, row: Any) -> str:
    key = row if isinstance(row, str) else str(row.pk)
    return reverse("scheduling:mend", args=[WEEK, check, key])


def hidden(html: str, action: str) -> dict[str, str]:
    """What the form of this address carries unseen, as a browser would send it."""
    form = html.partition(f'action="{action}"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in HIDDEN.findall(form)}


def page(client: Client, kind: str = "periode") -> str:
    answer = client.get(
        reverse("scheduling:checkup", args=[WEEK]), {"soort": kind} if kind else {}
    )
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html
    return html


@pytest.mark.parametrize("check", sorted(CASES))
def test_what_was_found_is_gone_when_it_was_mended(
    signed_in: Client, check: str
) -> None:
    row, facts = CASES[check]()
    kind = "" if check in WEEKLY else "periode"
    path = address(check, row)
    html = page(signed_in, kind)
    assert f'action="{path}"' in html
    answer = signed_in.post(path, hidden(html, path) | facts | {"soort": kind})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].endswith("#gedaan")
    html = page(signed_in, kind)
    assert f'action="{path}"' not in html
    assert 'id="gedaan"' in html
    assert _("It is changed, but this is still so:") not in html
    assert 'id="gedaan"' not in page(signed_in, kind)
    assert AuditEvent.objects.filter(action__in="UD").exists()


@pytest.mark.parametrize("check", sorted(CASES))
def test_an_empty_form_changes_nothing_and_says_what_is_missing(
    signed_in: Client, check: str
) -> None:
    row, _given = CASES[check]()
    answer = signed_in.post(address(check, row), {"capacity": "", "leader": ""})
    assert answer.status_code in (409, 422)
    html = answer.content.decode()
    assert faults(html) == []
    assert SECRET not in html


def test_every_form_belongs_to_a_check_and_has_its_mend() -> None:
    assert set(FORMS) == set(MENDS)
    assert set(FORMS) <= {check.id for check in CHECKS}
    assert len(CASES) >= 8


def test_a_faster_pace_is_kept(signed_in: Client) -> None:
    one = a_resident(pace_per_week=1)
    path = reverse(
        "scheduling:mend", args=[WEEK, "person-over-pace", str(one.person_id)]
    )
    seen = {"seen": version_of({"pace_per_week": 1})}
    assert signed_in.post(path, seen | {"pace": "3", "asked": "on"}).status_code == 302
    one.refresh_from_db()
    assert one.pace_per_week == 3


@pytest.mark.parametrize(
    ("check", "key"),
    [
        ("series-without-leader", "nonsense"),
        ("person-over-pace", "nonsense"),
        ("no-such-check", "1"),
        ("seats-short", "1"),
    ],
)
def test_what_cannot_be_mended_is_not_found(
    signed_in: Client, check: str, key: str
) -> None:
    leader = FacilitatorFactory()
    facts = {"leader": str(leader.pk), "pace": "3", "asked": "on"}
    path = reverse("scheduling:mend", args=[WEEK, check, key])
    assert signed_in.post(path, facts).status_code == 404


def test_only_who_plans_the_region_mends(client: Client) -> None:
    row, facts = leader_never_free()
    client.force_login(
        UserFactory(role=Role.COORDINATOR, organisation=row.organisation)
    )
    path = address("facilitator-without-availability", row)
    assert client.post(path, facts).status_code == 403
    assert not row.person.windows.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_forms_cost_no_query_each(signed_in: Client, many: int) -> None:
    for _number in range(many):
        nobody_may_lead()
        asks_for_nothing()
    signed_in.get(reverse("scheduling:checkup", args=[WEEK]), {"soort": "periode"})
    with CaptureQueriesContext(connection) as asked:
        page(signed_in)
    assert len(asked) <= 55
