"""Measures a calendar feed: what a fetch costs when nothing changed, and when it did.

    python -m benchmarks.feeds --leaders 115 --weeks 60 --log 50000 --times 300

Works on a throwaway database with so many leaders of two groups each and so long an
access log, and stops by itself. *Own work* is the processor time of the web process,
the whole site included; *time* has the database in it. The exit status is 1 when an
answer for an unchanged agenda takes the web process more than 10 ms of work, or a fetch
asks more than two reads and one line in the log.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks.offer import throwaway_database

MOST_WORK_MS = 10.0
QUERIES = 3


def fill(*, leaders: int, weeks: int, log: int) -> list[str]:
    """Leaders who lead two groups each; the paths of their feeds."""
    from django.db import connection

    from audit.actor import Actor
    from audit.models import AuditEvent
    from benchmarks import offer_rows
    from courses.models import Session, SessionLeader
    from people.models import Facilitator, Organisation, Person
    from publishing.models import FeedKind
    from publishing.services.feeds import make_address

    offer_rows.catalogue(series=2 * leaders, offerings=40, sessions=weeks, waiting=1)
    organisation = Organisation.objects.get()
    persons = Person.objects.bulk_create(
        Person(call_name=f"Begeleider {n}", contact_channel="none")
        for n in range(leaders)
    )
    staff = Facilitator.objects.bulk_create(
        Facilitator(person=one, organisation=organisation, staff_roles=["host"])
        for one in persons
    )
    groups: dict[object, list[Session]] = {}
    for one in Session.objects.order_by("series", "number"):
        groups.setdefault(one.series_id, []).append(one)
    leads = [
        SessionLeader(
            session=one, facilitator=leader, period=one.period, state=one.state
        )
        for leader, meetings in zip(staff, _pairs(list(groups.values())), strict=True)
        for one in meetings
    ]
    SessionLeader.objects.bulk_create(leads, batch_size=2000)
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                event_code="agenda.read",
                action="R",
                actor_id=str(n % 97),
                actor_role="facilitator",
                subject_ids=[str(persons[n % leaders].pk)],
                purpose="agenda",
            )
            for n in range(log)
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    actor = Actor.system("benchmark")
    tokens = [
        make_address(actor=actor, kind=FeedKind.FACILITATOR, person_id=one.pk)[1]
        for one in persons
    ]
    return [f"/agenda/{token}/gem.ics" for token in tokens]


def _pairs(groups: list[list[Any]]) -> Iterator[list[Any]]:
    """Two groups at a time, on other days or hours of the week."""
    left = sorted(groups, key=_hour)
    half = len(left) // 2
    for one, other in zip(left[:half], left[half:], strict=True):
        # Who would lead two at one time leads one.
        yield [*one, *other] if _hour(one) != _hour(other) else one


def _hour(meetings: list[Any]) -> tuple[int, int]:
    start = meetings[0].period.lower
    return start.weekday(), start.hour


def measure(paths: list[str], times: int) -> bool:
    """Fetch each in turn, first with no tag and then with the tag it got."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from config.garbage import settle

    settle()  # as every web process does
    client = Client()
    tags = {path: client.get(path)["ETag"] for path in paths}
    size = len(client.get(paths[0]).content)
    with CaptureQueriesContext(connection) as caught:
        client.get(paths[0], headers={"If-None-Match": tags[paths[0]]})
    print(f"feeds {len(paths)}, of {size / 1000:.0f} kB, {len(caught)} queries a fetch")
    print("answer, p50 ms, p95 ms, own work ms")
    work = {}
    for status, headers in ((304, True), (200, False)):
        spent = []
        begun_work = time.process_time()
        for path in _round(paths, times):
            asked = {"If-None-Match": tags[path]} if headers else {}
            begun = time.perf_counter()
            answer = client.get(path, headers=asked)
            spent.append((time.perf_counter() - begun) * 1000)
            if answer.status_code != status:
                raise SystemExit(f"a feed answered {answer.status_code}")
        work[status] = (time.process_time() - begun_work) * 1000 / times
        p95 = statistics.quantiles(spent, n=20)[-1]
        print(
            f"{status}, {statistics.median(spent):.1f}, {p95:.1f}, {work[status]:.1f}"
        )
    return work[304] <= MOST_WORK_MS and len(caught) <= QUERIES


def _round(paths: list[str], times: int) -> Iterable[str]:
    return (paths[n % len(paths)] for n in range(times))


def main(arguments: list[str] | None = None) -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="benchmarks.feeds", description=__doc__)
    parser.add_argument("--leaders", type=int, default=115)
    parser.add_argument("--weeks", type=int, default=60)
    parser.add_argument("--log", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=300)
    chosen = parser.parse_args(arguments)
    if min(vars(chosen).values()) < 1 or chosen.leaders > 1000 or chosen.times < 20:
        parser.error("give numbers of 1 and more, at most 1000 leaders, 20 times")
    with throwaway_database():
        paths = fill(leaders=chosen.leaders, weeks=chosen.weeks, log=chosen.log)
        good = measure(paths, chosen.times)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
