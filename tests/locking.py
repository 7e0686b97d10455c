"""Which registrations a program locks or changes, query by query."""

from __future__ import annotations

import re
from collections.abc import Iterable

ONES = re.compile(r'"courses_registration"\."id" (?:IN \(([\d, ]+)\)|= (\d+))')


def locked_or_changed(queries: Iterable[dict[str, str]]) -> list[set[int]]:
    """The registrations of each query that locks or changes some, in order."""
    found = []
    for one in queries:
        sql = one["sql"]
        locks = sql.startswith('SELECT "courses_registration"')
        changes = sql.startswith('UPDATE "courses_registration"')
        if changes or (locks and "FOR NO KEY UPDATE" in sql):
            keys = [both for pair in ONES.findall(sql) for both in pair if both]
            found.append({int(key) for part in keys for key in part.split(",")})
    return [one for one in found if one]
