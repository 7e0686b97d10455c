"""Which series and registrations a program locks or changes, query by query."""

from __future__ import annotations

import re
from collections.abc import Iterable

ONES = re.compile(r'"courses_registration"\."id" (?:IN \(([\d, ]+)\)|= (\d+))')

SEATS = ('SELECT "courses_enrolment"', 'UPDATE "courses_enrolment"')

KEYS = re.compile(r"'([0-9a-f]{32})'::uuid")


def locked_in_order(queries: Iterable[dict[str, str]]) -> list[tuple[str, set[str]]]:
    """What each query locks or changes, in order: "series" or "people", with keys, and
    "seats", with one key for all."""
    found = []
    for one in queries:
        sql = one["sql"]
        people = locked_or_changed([one])
        if people:
            found.append(("people", {str(key) for key in people[0]}))
        elif "FOR NO KEY UPDATE" in sql and sql.startswith('SELECT "courses_series"'):
            found.append(("series", set(KEYS.findall(sql))))
        elif sql.startswith(SEATS) and "UPDATE" in sql:
            found.append(("seats", {"some"}))
    return [one for one in found if one[1]]


def locked_at_one_go(queries: Iterable[dict[str, str]]) -> tuple[set[str], set[str]]:
    """The series and the people that are locked first, if that is all: nothing is
    locked later that is not among them, and no seat before them."""
    (first, series), (second, people), *others = locked_in_order(queries)
    assert (first, second) == ("series", "people")
    assert others
    known = {"series": series, "people": people, "seats": {"some"}}
    assert all(keys <= known[kind] for kind, keys in others)
    return series, people


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
