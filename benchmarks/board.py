"""Measures the coordinator's board: pages of a busy week, and a move that is judged.

    python -m benchmarks.board --scale 3 --times 20 --loads 10

Works on a throwaway database with the demo region, prints what it found and stops by
itself; the exit status is 1 when the board or the page of a session passes 300 ms at
p95, a move passes 50 ms, or a page of the board is not to be used in chromium within 2
seconds. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.board_browser import usable
from benchmarks.offer import throwaway_database

if TYPE_CHECKING:
    from django.test import Client

    from scheduling.weeks import Week

PAGES = (
    "/week/{week}/",
    "/week/{week}/?versie={draft}",
    "/week/{week}/?versie={draft}&weergave=centra",
    "/week/{week}/?versie={draft}&weergave=begeleiders",
    "/week/{week}/?versie={draft}&weergave=tabel",
    "/week/{week}/?versie={draft}&staat=te-klein",
    "/week/{week}/?versie={draft}&zoom=dag",
    "/week/{week}/?versie={draft}&zoom=periode",
    "/rooster/{draft}/bijeenkomst/{session}/",
    "/rooster/{draft}/bijeenkomst/{session}/wijzigen/",
    "/kleine-groepen/",
    "/aanwezigheid/",
)
MOST_MS, MOST_MOVE_MS = 300.0, 50.0
BESIDE = ("/kleine-groepen/", "/aanwezigheid/")
"""Measured beside the board; what is promised is the board and the session."""
IN_BROWSER = (
    "/week/{week}/?versie={draft}",
    "/week/{week}/?versie={draft}&weergave=begeleiders",
    "/week/{week}/?versie={draft}&weergave=tabel",
    "/week/{week}/?versie={draft}&zoom=dag",
    "/week/{week}/?versie={draft}&zoom=periode",
)


def board(scale: float, times: int, loads: int) -> bool:
    """Times, queries and sizes; whether what was promised holds."""
    from django.conf import settings
    from django.test import Client

    from audit.actor import Actor
    from config.garbage import settle
    from people.models import User
    from scheduling.services.redrafts import draft_of_published

    _load(scale)
    user = User.objects.filter(memberships__role="coordinator").first()
    if user is None:
        raise SystemExit("the demo has no coordinator")
    actor = Actor.of(user)
    draft = draft_of_published(actor=actor, user=user, monday=week().monday)
    session = draft.sessions.filter(room__isnull=False).order_by("pk")[0]
    names = {"week": week(), "draft": draft.pk, "session": session.session_id}
    client = Client(headers={"accept-encoding": "gzip"})  # as every browser asks
    client.force_login(user)
    settle()  # as every web process does
    print(f"scale {scale}: {draft.sessions.count()} sessions in the week")
    good = _pages(client, names, times)
    good = _moves(actor, draft, session, times) and good
    if not loads:
        return good
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    paths = [page.format(**names) for page in IN_BROWSER]
    return usable(paths, (cookie.key, cookie.value), loads) and good


def week() -> Week:
    """The week that is looked at."""
    from scheduling.weeks import Week

    return Week.read("2026-W49")


def _load(scale: float) -> None:
    """The demo region in the throwaway database, published up to the week."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import override_settings

    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(VAR_DIR=Path(folder), DEMO_DATA_ALLOWED=True),
    ):
        before = str(week().plus(-1))
        call_command("demo_region", scale=scale, week=before, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _pages(client: Client, names: dict[str, object], times: int) -> bool:
    """Each page so many times at the server; whether all kept to the limit."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    print("page, p50 ms, p95 ms, own work ms, kilobytes sent, queries")
    good = True
    for page in PAGES:
        path = page.format(**names)
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        with CaptureQueriesContext(connection) as caught:
            client.get(path)
        queries = len(caught)  # now: the next request clears them
        work = time.process_time()
        spent = _spent(lambda path=path: client.get(path), times)  # type: ignore[misc]
        work = (time.process_time() - work) * 1000 / times
        p95 = statistics.quantiles(spent, n=20)[-1]
        size = len(answer.content) / 1000
        print(
            f"{page}, {statistics.median(spent):.0f}, {p95:.0f}, {work:.0f}, "
            f"{size:.0f}, {queries}"
        )
        good = good and (p95 <= MOST_MS or any(part in page for part in BESIDE))
    return good


def _moves(actor: Any, draft: Any, session: Any, times: int) -> bool:
    """A move a quarter of an hour later: its verdict, with the ways nearby."""
    from scheduling.services.moves import Move, judge_move, wanted_by

    board = _board(actor, draft, session)
    move = Move(
        session=session.session_id, start=session.period.lower + timedelta(minutes=15)
    )
    wanted = wanted_by(board, move)
    judged = _spent(lambda: wanted.desk.judge(*wanted.placements), times)
    whole = _spent(
        lambda: judge_move(actor=actor, schedule=draft, move=move), max(2, times // 4)
    )
    p95 = statistics.quantiles(judged, n=20)[-1]
    print(f"a move judged, {statistics.median(judged):.1f}, {p95:.1f}")
    print(f"with five ways nearby, {statistics.median(whole):.0f}, {max(whole):.0f}")
    return p95 <= MOST_MOVE_MS


def _board(actor: Any, draft: Any, session: Any) -> Any:
    from scheduling.services.boards import board_of

    begun = time.perf_counter()
    found = board_of(actor=actor, schedule=draft, series_id=session.series_id)
    seconds = time.perf_counter() - begun
    print(f"reading the facts of the week, {seconds * 1000:.0f}")
    return found


def _spent(what: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each of so many times."""
    found = []
    for _time in range(times):
        begun = time.perf_counter()
        what()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="benchmarks.board", description=__doc__)
    parser.add_argument("--scale", type=float, default=3)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument(
        "--loads", type=int, default=10, help="of each page in chromium; 0: none"
    )
    chosen = parser.parse_args(arguments)
    if not 0.1 <= chosen.scale <= 10 or not 2 <= chosen.times <= 1000:
        parser.error("give a scale from 0.1 to 10 and 2 to 1000 times")
    if chosen.loads == 1 or not 0 <= chosen.loads <= 1000:
        parser.error("give 2 to 1000 loads, or 0 to leave the browser out")
    with throwaway_database():
        return 0 if board(chosen.scale, chosen.times, chosen.loads) else 1


if __name__ == "__main__":
    sys.exit(main())
