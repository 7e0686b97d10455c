"""Make the pictures of docs/how-to anew, in Dutch, on the running demo region.

    make run                                                   # in another window
    python -m tools.pictures --week 2026-W49

Walks through what docs/how-to tells as the demo coordinator: makes the week, asks why
people have no seat, helps one, moves a session with the keyboard alone, publishes,
reports a leader ill, mends the week and goes back; then the pages beside these. The
week must not be planned yet. What stands on the pictures is invented, and nobody who
takes part is named but as who gets a message.

The docs get all pictures or none: exit status 1 names the first that a page has not
got, 2 says that there is no demo here, or that there is no such week.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import shutil
import sys
from pathlib import Path

from benchmarks.journey import SITE, Person
from tools.pictures.acts import ACTS
from tools.pictures.camera import HEIGHT, WIDTH, NotTakenError
from tools.pictures.pages import PAGES
from tools.pictures.walk import Walk, take_all

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "pictures"
STOPS = (*ACTS, *PAGES)


def rooms_sheet() -> bytes:
    """Two rooms as they are but for a chair more, and a new one with ten chairs."""
    from django.db import connection

    from rooms.selectors import rooms_of

    kept = list(rooms_of()[:2])
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("centre", "name", "capacity"))
    for room in kept:
        writer.writerow((room.centre.code, room.name, room.capacity + 1))
    writer.writerow((kept[0].centre.code, "Serre", 10))
    connection.close()
    return stream.getvalue().encode()


def make(site: str, week: str, folder: Path) -> None:
    """Walk through the site and make every picture in ``folder``."""
    from playwright.sync_api import sync_playwright

    from config.demo import read_logins

    login = next(one for one in read_logins() if one.role == "coordinator")
    rooms = rooms_sheet()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = chromium.new_page(
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            reduced_motion="reduce",
            viewport={"width": WIDTH, "height": HEIGHT},
        )
        walk = Walk(Person(page, site), week, login, rooms)
        take_all(walk, STOPS, folder)
        chromium.close()


def put_in_docs(made: Path, docs: Path) -> None:
    """Replace the pictures of the docs by those that were made; old names go."""
    docs.mkdir(exist_ok=True)
    for stop in STOPS:
        shutil.copyfile(made / f"{stop.name}.png", docs / f"{stop.name}.png")
    for old in {one.stem for one in docs.glob("*.png")} - {one.name for one in STOPS}:
        (docs / f"{old}.png").unlink()


def main(given: list[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django
    from django.apps import apps

    if not apps.ready:  # a second time would point the log at another stream
        django.setup()
    from django.conf import settings

    from scheduling.weeks import Week

    parser = argparse.ArgumentParser(
        prog="python -m tools.pictures",
        description=(__doc__ or "").splitlines()[0],
    )
    parser.add_argument("--site", default=SITE)
    parser.add_argument(
        "--week", required=True, type=Week.read, help="not planned yet: 2026-W49"
    )
    options = parser.parse_args(given)
    made = settings.VAR_DIR / "pictures"
    made.mkdir(parents=True, exist_ok=True)
    try:
        make(options.site.rstrip("/"), str(options.week), made)
    except StopIteration:
        print("There is no demo here: start it with make run.", file=sys.stderr)
        return 2
    except NotTakenError as error:
        print(f"This picture was not made. {error}", file=sys.stderr)
        print(f"What could be seen is in {made}; the docs are as they were.")
        return 1
    put_in_docs(made, FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
