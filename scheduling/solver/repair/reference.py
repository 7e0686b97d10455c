"""The page about event files, written from the tables of the reader."""

from __future__ import annotations

from scheduling.solver.repair.event import EVENTS
from scheduling.solver.repair.event_format import EVENT_FORMAT, RECORDS, SESSION
from scheduling.solver.snapshot.reference import fenced, table_of

HEAD = f"""\
<!-- Written by `python manage.py write_reference`; change the solver, not this. -->
# The event file

An event file says what happened to a published plan. `repair_plan` reads it beside a
[problem file](problem-format.md) and a plan of that problem; how to use it stands in
[Repair a plan](../how-to/repair-a-plan.md). `event-1.schema.json` beside this page says
the same to programs (JSON Schema, draft 2020-12).

`"format"` is `"{EVENT_FORMAT}"`, `"version"` is `1`, and `"kind"` is one of the kinds
below. Texts, dates and spans are written as in a problem file; dates count the last day
in. Keys that are not on this page are refused, with the nearest one that is, and
everything that is named must be in the problem.

"""


def event_format_page(example: str) -> str:
    """The page; ``example`` is the text of an event file."""
    parts = [HEAD, fenced(example)]
    for event in EVENTS:
        about = " ".join((event.__doc__ or "").replace("``", "`").split())
        table = table_of(RECORDS[event.kind])
        table = table.replace("[session](#session)", "[session](#one-session)")
        parts.append(f"## {event.kind}\n\n{about}\n\n{table}")
    parts.append(f"## One session\n\n{table_of(SESSION)}")
    parts.append(
        "`window`, `person` and `registration` are those of the "
        "[problem file](problem-format.md).\n"
    )
    text = "".join(parts)
    for name in ("window", "person", "registration"):
        text = text.replace(f"](#{name})", f"](problem-format.md#{name})")
    return text
