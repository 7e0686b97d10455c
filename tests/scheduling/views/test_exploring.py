"""The page of what-ifs: asked, followed while it works, told in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from scheduling.messages import FAULTS
from scheduling.models import PlanningRun
from tests.factories import FacilitatorFactory
from tests.scheduling.views.conftest import (
    FIGURES,
    WEEK,
    a_run,
    published_session,
    room_in_use,
)
from tests.web.html import faults

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LACK = {
    "change": {"kind": "new-leader", "weekday": 1, "part": 2},
    "file": {
        "kind": "new-leader", "roles": ["r1"], "skills": [], "weekday": "tue",
        "from": "18:00", "to": "21:00",
    },
    "seats": 3,
    "opens": [],
    "proven": True,
}  # fmt: skip
NEW_ROOM = {"kind": "new-room", "weekday": 1, "part": 2, "file": {}}
FOUND = {
    "before": FIGURES, "gained": 3, "lost": 1, "opened": ["new-again"], "closed": [],
    "moved": [],
}  # fmt: skip


def a_plan() -> PlanningRun:
    return a_run(state="done", placed=1, plan={}, figures=FIGURES)


def about(base: PlanningRun, task: str, **extra: Any) -> PlanningRun:
    return a_run(based_on=base, task=task, as_draft=False, **extra)


def busy(**extra: Any) -> dict[str, Any]:
    now = timezone.now()
    return {"state": "running", "lease_until": now, "fence": 1, **extra}


def test_the_form_asks_a_worker(signed_in: Client) -> None:
    base, leader = a_plan(), FacilitatorFactory()
    address = f"/plannen/{base.pk}/wat-als/"
    html = signed_in.get(address).content.decode()
    assert faults(html) == []
    asked = {"what": "fewer-leaders", "facilitator": leader.pk, "seconds": 30}
    answer = signed_in.post(address, asked)
    run = PlanningRun.objects.get(task="what_if")
    assert answer["Location"] == f"/plannen/wat-als/{run.pk}/"
    wanted = {"kind": "fewer-leaders", "facilitator": str(leader.pk)}
    assert (run.changes, run.seconds, run.based_on) == ([wanted], 30, base)
    told = signed_in.get(answer["Location"]).content.decode()
    assert faults(told) == []
    assert leader.person.group_name in told
    assert 'hx-trigger="every 1s"' in told
    again = signed_in.post(address, asked)
    assert again.status_code == 422
    assert again.context["problem"].endswith(".")
    assert again.context["problem"] in again.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"what": "new-room", "seconds": 30},
        {"what": "fewer-leaders", "seconds": 30, "facilitator": "999999"},
        {"what": "more-money", "seconds": 30},
        {"change": "0"},
        {"change": "x"},
    ],
)
def test_what_cannot_be_tried_is_said(
    signed_in: Client, wrong: dict[str, object]
) -> None:
    base = a_plan()
    answer = signed_in.post(f"/plannen/{base.pk}/wat-als/", wrong)
    assert answer.status_code == 422
    assert faults(answer.content.decode()) == []
    assert not PlanningRun.objects.filter(task="what_if").exists()


def test_what_lacks_is_asked_followed_and_tried(signed_in: Client) -> None:
    base = a_plan()
    address = f"/plannen/{base.pk}/wat-als/"
    signed_in.post(address, {"lacks": "1"})
    run = PlanningRun.objects.get(task="lacks")
    part = signed_in.get(address, headers=HTMX).content.decode()
    assert part.startswith('<section id="lacks"')
    assert 'hx-trigger="every 2s"' in part
    PlanningRun.objects.filter(pk=run.pk).update(state="done", found={"lacks": [LACK]})
    html = signed_in.get(address).content.decode()
    assert faults(html) == []
    assert "hx-trigger" not in html.split('id="lacks"')[1].split("</section>")[0]
    answer = signed_in.post(address, {"change": "0"})
    made = PlanningRun.objects.get(task="what_if")
    assert answer["Location"] == f"/plannen/wat-als/{made.pk}/"
    assert made.changes[0]["file"] == LACK["file"]


def test_asking_again_while_it_works_reads_and_logs_no_leader(
    signed_in: Client,
) -> None:
    base = a_plan()
    FacilitatorFactory()
    about(base, "lacks", **busy())
    run = about(base, "what_if", **busy(doing="as-it-is"))
    before = AuditEvent.objects.count()
    for address in (f"/plannen/wat-als/{run.pk}/", f"/plannen/{base.pk}/wat-als/"):
        part = signed_in.get(address, headers=HTMX)
        assert "hx-trigger" in part.content.decode()
    assert AuditEvent.objects.count() == before


def test_a_what_if_that_is_done_shows_both_sides(signed_in: Client) -> None:
    base = a_plan()
    better = {**FIGURES, "seated": 374, "people": 12}
    run = about(
        base, "what_if", state="done", found=FOUND, figures=better,
        changes=[{**LACK["change"], "file": LACK["file"]}],
    )  # fmt: skip
    answer = signed_in.get(f"/plannen/wat-als/{run.pk}/")
    assert faults(answer.content.decode()) == []
    assert answer.context["people"].startswith("3 ")
    assert len(answer.context["rows"]) == 15
    assert "hx-trigger" not in answer.content.decode()


@pytest.mark.parametrize("state", ["cancelled", "failed"])
def test_one_without_an_answer_says_why(signed_in: Client, state: str) -> None:
    fault = "facts-gone" if state == "failed" else ""
    base = a_plan()
    for task, address in (
        ("what_if", "/plannen/wat-als/{run}/"),
        ("lacks", "/plannen/{base}/wat-als/"),
    ):
        run = about(base, task, state=state, fault=fault)
        page = signed_in.get(address.format(run=run.pk, base=base.pk))
        html = page.content.decode()
        assert faults(html) == []
        sentence = str(FAULTS["facts-gone"]).split(".")[0]
        assert (state == "failed") is (sentence in html)


def test_queries_do_not_grow_with_what_was_tried(signed_in: Client) -> None:
    base = a_plan()
    published_session()
    counts = []
    for number in (1, 3):
        for _ in range(number):
            about(
                base, "what_if", state="done", found=FOUND, figures=FIGURES,
                changes=[{**NEW_ROOM, "room": room_in_use().pk}],
            )  # fmt: skip
        PlanningRun.objects.filter(task="lacks").delete()
        about(base, "lacks", state="done", found={"lacks": [LACK] * number})
        with CaptureQueriesContext(connection) as seen:
            signed_in.get(f"/plannen/{base.pk}/wat-als/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_only_a_plan_has_such_a_page(signed_in: Client) -> None:
    base = a_plan()
    lacks = about(base, "lacks", **busy())
    empty = a_run(state="queued", first_date=WEEK.plus(1).monday,
                  last_date=WEEK.plus(1).sunday)  # fmt: skip
    for address in (
        f"/plannen/{lacks.pk}/",
        f"/plannen/{lacks.pk}/wat-als/",
        f"/plannen/{empty.pk}/wat-als/",
        f"/plannen/wat-als/{base.pk}/",
        "/plannen/999999/wat-als/",
    ):
        assert signed_in.get(address).status_code == 404, address
