"""Measures the offer: a crowd before one group, and a large catalogue.

    python -m benchmarks.offer rush --people 500 --seats 12 --clients 16
    python -m benchmarks.offer catalogue --series 2000

Each works on a throwaway database, prints what it found and stops by itself; the exit
status is 1 when a promise is broken (a seat too many, a wrong order, an error page, a
page that is too large or asks more the longer the list). See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

PAGES = (
    "/",
    "/aanbod/",
    "/aanbod/?page=9",
    "/aanbod/?theme={theme}",
    "/aanbod/?place={place}",
    "/aanbod/?place={place}&half_day=evening",
    "/aanbod/?free=on&group=on",
    "/aanbod/?step_free=on&language=nl",
    "/aanbod/aanbod-1/",
)
LARGEST_PAGE = 100_000


@contextmanager
def throwaway_database() -> Iterator[None]:
    """An empty database with all tables, gone at the end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    before = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(before, verbosity=0)


def rush(people: int, seats: int, clients: int) -> bool:
    """So many residents press at once, through the whole site; whether all is right."""
    from django.db import connections
    from django.test import Client
    from django.urls import reverse

    from benchmarks import offer_rows
    from courses.models import Enrolment, Registration
    from courses.selectors import waiting_queue

    series = offer_rows.one_group(seats=seats)
    crowd = offer_rows.residents(people)
    path = reverse("courses:join", args=[series.pk])
    visitors = []
    for one in crowd:
        visitors.append(Client(raise_request_exception=False))
        visitors[-1].force_login(one.person.user)
    start = threading.Barrier(clients + 1)
    opened = threading.local()

    def press(visitor: Client) -> tuple[int, float]:
        if not hasattr(opened, "yes"):  # each client begins at the same moment
            opened.yes = True
            start.wait(timeout=60)
        begun = time.perf_counter()
        answer = visitor.post(path, {"expects": "seat"})
        return answer.status_code, time.perf_counter() - begun

    with ThreadPoolExecutor(clients) as pool:
        tried = [pool.submit(press, visitor) for visitor in visitors]
        start.wait(timeout=60)
        begun = time.perf_counter()
        answers = [one.result() for one in tried]
        seconds = time.perf_counter() - begun
        closed = threading.Barrier(clients)

        def leave() -> None:
            closed.wait(timeout=60)
            connections.close_all()

        for done in [pool.submit(leave) for _client in range(clients)]:
            done.result()
    taken = Enrolment.objects.filter(series=series, state="enrolled").count()
    waiting = list(waiting_queue(series=series))
    placed = Registration.objects.filter(enrolments__series=series)
    last = max(one.registered_at for one in placed)
    in_order = (
        len(waiting) == people - seats
        and all(one.registered_at >= last for one in waiting)
        and waiting == sorted(waiting, key=lambda one: (one.registered_at, one.pk))
    )
    states = Counter(status for status, _seconds in answers)
    slowest = max(each for _status, each in answers)
    print(
        f"people {people}, seats {seats}, clients {clients}: {seconds:.1f} s, "
        f"slowest answer {slowest:.2f} s, answers {dict(states)}, seats taken {taken}, "
        f"waiting {len(waiting)}, in order {in_order}"
    )
    return taken == seats and in_order and set(states) == {302}


def catalogue(series: int, times: int) -> bool:
    """Times, queries and sizes of the pages that anybody may read."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks import offer_rows
    from config.garbage import settle
    from courses.models import Series, Theme
    from people.models import Place

    offer_rows.catalogue(series=series, offerings=200, sessions=8, waiting=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    names = {"theme": Theme.objects.all()[3].pk, "place": Place.objects.all()[7].pk}
    settle()  # as every web process does
    client = Client()
    good = True

    def queries(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(path)
        return len(caught)

    found: dict[str, tuple[list[float], float, int, int]] = {}
    for page in PAGES:
        path = page.format(**names)
        spent = []
        answer = client.get(path)
        begun_work = time.process_time()
        for _time in range(times):
            begun = time.perf_counter()
            answer = client.get(path)
            spent.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        work = (time.process_time() - begun_work) * 1000 / times
        found[page] = (spent, work, len(answer.content), queries(path))
    Series.objects.filter(pk__in=Series.objects.values("pk")[series // 10 :]).update(
        state="cancelled"
    )
    print("page, p50 ms, p95 ms, own work ms, kilobytes, queries, with a tenth of it")
    for page, (spent, work, size, number) in found.items():
        fewer = queries(page.format(**names))
        p95 = statistics.quantiles(spent, n=20)[-1]
        print(
            f"{page}, {statistics.median(spent):.0f}, {p95:.0f}, {work:.0f}, "
            f"{size / 1000:.0f}, {number}, {fewer}"
        )
        good = good and size <= LARGEST_PAGE and number <= fewer + 1
    return good


def main(arguments: list[str] | None = None) -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="benchmarks.offer", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    crowd = what.add_parser("rush", help="many people press at once")
    crowd.add_argument("--people", type=int, default=500)
    crowd.add_argument("--seats", type=int, default=12)
    crowd.add_argument("--clients", type=int, default=16)
    large = what.add_parser("catalogue", help="a catalogue of many series")
    large.add_argument("--series", type=int, default=2000)
    large.add_argument("--times", type=int, default=40)
    chosen = parser.parse_args(arguments)
    if min(value for value in vars(chosen).values() if isinstance(value, int)) < 1:
        parser.error("give numbers of 1 and more")
    if chosen.what == "rush" and not chosen.clients <= chosen.people <= 5000:
        parser.error("give at most as many clients as people, and at most 5000 people")
    if chosen.what == "catalogue" and chosen.series > 2500:
        parser.error("give at most 2500 series")
    with throwaway_database():
        if chosen.what == "rush":
            good = rush(chosen.people, chosen.seats, chosen.clients)
        else:
            good = catalogue(chosen.series, chosen.times)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
