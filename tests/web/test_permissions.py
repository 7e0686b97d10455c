"""Every page times every account: the answer is the one in the table, no other."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from audit.models import AuditEvent
from tests.web.permission_row import (
    ACCOUNTS,
    OTHER_RESIDENT,
)
from tests.web.permission_table import ROWS, UNNAMED
from tests.web.permission_world import World

pytestmark = pytest.mark.django_db


def names(patterns: list[Any], space: str = "") -> Iterator[str]:
    """Every URL name there is, with its namespace."""
    for one in patterns:
        if isinstance(one, URLPattern):
            if one.name is not None:
                yield space + one.name
        else:
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from names(one.url_patterns, inner)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_each_account_gets_the_answers_of_the_table(
    account: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")  # refusals are expected here
    world = World(account)
    wrong = []
    for row in ROWS:
        answer = world.ask(row)
        if answer != row.expected(account):
            words = f"{row.method} {row.name}: {answer}, not {row.expected(account)}"
            wrong.append(words)
    assert wrong == []


def test_a_refusal_is_written_down() -> None:
    world = World(OTHER_RESIDENT)
    before = AuditEvent.objects.count()
    row = next(one for one in ROWS if one.name == "courses:leave")
    assert world.ask(row) == 404
    refused = AuditEvent.objects.filter(result="refused").order_by("-pk")
    assert [(one.event_code, one.object_id) for one in refused] == [
        ("enrolment.withdraw", str(world.things["seat"]))
    ]
    assert AuditEvent.objects.count() > before


def test_every_page_is_in_the_table_and_every_row_is_a_page() -> None:
    there = set(names(get_resolver().url_patterns)) - set(UNNAMED)
    listed = {row.name for row in ROWS}
    assert there - listed == set()
    assert listed - there == set()
