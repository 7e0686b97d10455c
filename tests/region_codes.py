"""The rows that migrations bring, put back after a test that empties all tables.

A transactional test ends with a flush, which takes the room features and reason
codes away too; whoever comes next would then work in a region without them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.db.models.signals import post_migrate

BRINGERS = {
    "courses": ("courses.migrations.0003_reason_codes", "courses_reasoncode"),
    "rooms": ("rooms.migrations.0002_room_features", "rooms_roomfeature"),
}


def put_back(sender: Any, **_: Any) -> None:
    """Run the migration's own step again; it adds only what is missing."""
    from django.apps import apps
    from django.db import connection

    if sender.label not in BRINGERS:
        return
    module, table = BRINGERS[sender.label]
    if table in connection.introspection.table_names():
        import_module(module).add(apps, None)


@pytest.fixture(scope="session", autouse=True)
def _codes_survive_a_flush() -> Any:
    post_migrate.connect(put_back, dispatch_uid="tests.region_codes")
    yield
    post_migrate.disconnect(dispatch_uid="tests.region_codes")
