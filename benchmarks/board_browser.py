"""Measures when a page of the board can be used: a session that can be pressed.

Part of `python -m benchmarks.board`. A live server in this process serves the throwaway
database; chromium opens each page with an empty cache, at a desk and as on a phone: 360
pixels wide, with a processor four times as slow. The clock runs from the navigation to
the moment that the scripts have run and a press on the first session would reach it.
"""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MOST_MS = 2000.0
PATIENCE_MS = 60_000
FIRST = "main tbody a"
SCREENS: dict[str, tuple[dict[str, Any], int]] = {
    "desk": ({"viewport": {"width": 1440, "height": 900}}, 1),
    "phone": (
        {
            "viewport": {"width": 360, "height": 740},
            "device_scale_factor": 3,
            "is_mobile": True,
            "has_touch": True,
        },
        4,
    ),
}
"""What the browser is told of the screen, and how many times slower it is."""

WATCH = f"""
window.gemUsable = new Promise((done) => {{
  const look = () => {{
    const one = document.querySelector("{FIRST}");
    if (one) {{
      one.scrollIntoView({{block: "center", inline: "center"}});
      const box = one.getClientRects()[0];
      const hit = box && document.elementFromPoint(
        box.left + box.width / 2, box.top + box.height / 2);
      if (hit && one.contains(hit)) {{ done(performance.now()); return; }}
    }}
    if (performance.now() > {PATIENCE_MS}) {{ done(null); return; }}
    requestAnimationFrame(look);
  }};
  // deferred scripts have run by then, and the style sheets before them are known
  document.addEventListener("DOMContentLoaded", () => requestAnimationFrame(look));
}});
"""
SIZES = """() => {
  const sent = (kind) => performance.getEntriesByType(kind)
    .reduce((all, one) => all + one.transferSize, 0);
  return [sent("navigation"), sent("resource")];
}"""


def usable(paths: Sequence[str], cookie: tuple[str, str], loads: int) -> bool:
    """Open each path so many times on each screen; whether all kept to the limit.

    ``cookie``: name and value of a session that may see the pages. Ends the program
    when there is no chromium, or a page shows no session that can be pressed.
    """
    from playwright.sync_api import sync_playwright

    where = shutil.which("chromium")
    if where is None:
        raise SystemExit("chromium is not installed; --loads 0 leaves the browser out")
    print("page in chromium, screen, p50 ms, p95 ms, kilobytes sent, beside it")
    good = True
    with live_server() as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=where, args=["--no-sandbox", "--disable-gpu"]
        )
        for path in paths:
            for screen in SCREENS:
                spent = []
                for _load in range(loads):
                    took, sizes = load(chromium, site, path, screen, cookie)
                    spent.append(took)
                p95 = statistics.quantiles(spent, n=20, method="inclusive")[-1]
                page, beside = (size / 1000 for size in sizes)
                print(
                    f"{path}, {screen}, {statistics.median(spent):.0f}, {p95:.0f}, "
                    f"{page:.0f}, {beside:.0f}"
                )
                good = good and p95 <= MOST_MS
        chromium.close()
    return good


def load(
    chromium: Browser, site: str, path: str, screen: str, cookie: tuple[str, str]
) -> tuple[float, tuple[int, int]]:
    """Milliseconds until the page can be used, with the bytes of the page and of what
    it asked for beside it."""
    told, slower = SCREENS[screen]
    context = chromium.new_context(
        locale="nl-NL", timezone_id="Europe/Amsterdam", **told
    )
    context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": site}])
    context.add_init_script(WATCH)
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    answer = page.goto(site + path, timeout=PATIENCE_MS)
    if answer is None or answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status if answer else 'nothing'}")
    took = page.evaluate("window.gemUsable")
    if took is None:
        raise SystemExit(f"no session on {path} can be pressed ({screen})")
    page.locator(FIRST).first.click(trial=True)  # playwright's own opinion of it
    sizes = page.evaluate(SIZES)
    context.close()
    return float(took), (int(sizes[0]), int(sizes[1]))


@contextmanager
def live_server() -> Iterator[str]:
    """The address of this site as a web process serves it, until the end."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.db import connection
    from django.test.testcases import LiveServerThread

    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://{server.host}:{server.port}"
    finally:
        server.terminate()
        with connection.cursor() as cursor:  # else the database cannot be dropped
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
