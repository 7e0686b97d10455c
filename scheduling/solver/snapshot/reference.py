"""The page from which an outside programmer writes a problem file.

The tables come from the tables of the reader and the examples from files that tests
read, so that neither can go out of date. ``manage.py write_reference`` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scheduling.solver.horizon import Horizon
from scheduling.solver.snapshot.codec import Codec, Many, Mapped, Nullable
from scheduling.solver.snapshot.patterns import EXPLICIT, RHYTHM
from scheduling.solver.snapshot.plan_format import PLAN
from scheduling.solver.snapshot.problem_format import PROBLEM
from scheduling.solver.snapshot.record import REQUIRED, Field, Record

HEAD = """\
<!-- Written by `python manage.py write_reference`; change the solver, not this. -->
# The problem file

A problem file holds every fact that one plan is made from. Another program can write
one, `solve_problem` plans it, and `verify_plan` judges any plan of it, also one made
elsewhere:

```sh
python manage.py solve_problem problem.json --out plan.json --seconds 60
python manage.py verify_plan problem.json plan.json
```

This page is enough to write one. `problem-1.schema.json` and `plan-1.schema.json`
beside it say the same to programs (JSON Schema, draft 2020-12).

## What to know first

- **One JSON object**, in UTF-8. `"format"` is `"gem-planner/problem"` and `"version"`
  is `1`. Other formats and versions are refused in one line.
- **Ids are yours**, opaque texts, unique among things of one kind. They come back in
  the plan. Use no names: a problem file says who can come when and what they need, so
  it is personal data even with ids alone. Make fresh ids for every file, and keep it
  no longer than the plan is needed.
- **Words** (roles, skills, features, accommodations, languages, what somebody has
  completed) are opaque too: one thing asks for a word, another has it. Levels of care
  are numbers from 0, the lightest.
- **Texts** have at most 200 characters and no line breaks; **whole numbers** are at
  most 1,000,000 where this page names no other limit.
- **Leave out what is ordinary.** Every key with a default below may be left out, and
  the default harms nothing: no limit, no need, always free. Keys that are not on this
  page are refused, with the nearest one that is.
- **Times are local wall-clock times** of the horizon's zone, on a quarter of an hour.
  A weekly meeting keeps its time of the day when the clock is changed; in the hour
  that is skipped or comes twice nothing is planned.
- **Dates** are days of the horizon, except those of availability, bookings and
  `target_date`, which may lie outside it.
- **A span and a window end before their `to`**: from 09:00 to 12:00 leaves 12:00 free.
- **Nothing must be possible.** A series that cannot be held and a registration without
  a seat are left out of the plan, with the reason. Only contradictions in the file are
  faults: all of them are listed at once, each with what would be right.

## How it fits together

A **series** is a course or group that may be held: its meetings lie on the dates of
one of its date patterns, each time at the same hour, in one room, with the same
leaders. **Persons** who are **members** of it take part already. A **registration** is
one person asking for a seat in any one of its **choices**; a person who wants two
things has two registrations. **Facilitators** lead what asks for a role and skills
that they have. **Places** are where rooms are and where people travel from;
`travel_minutes` has a row for each place with the minutes to each place, in the same
order. Rules and wishes that a plan keeps to are in [rules.md](rules.md).

What was **published** before stays exactly as it is, unless its series is among
`freed_series` (and a seat in it, unless its registration is among
`freed_registrations`). **Pins** say what must be so for series that are still free.

"""

DATES = """\
### Dates of a series

Each item of a series' `dates` is one way to lay all its meetings on dates; the plan
uses one of them. Write the dates in full, in order and on one weekday (only the last
may be on another), or write the rhythm and the planner works them out. A file that
the planner writes has the dates in full.

"""

BETWEEN = """\
## Two examples

Both are complete files, and kept in `tests/data/problems`.

### A small term

A course of four Mondays that skips the holidays and needs two leaders, one of them
with a skill; a group that may meet on Mondays in town or on Tuesdays in the village; a
digital module that somebody coaches. Four people ask, two of whom must not meet. The
start of the course is pinned.

"""

SECOND = """\
### Running groups that only need a time and a room

Nobody asks for a seat: the members are known. Without a registration nothing would
make holding a group worth while, so each has a `held_weight` (150 is what a seat of
the middle need class is worth). One leader is also a member elsewhere. One group was
published and stays where it is.

"""

PLAN_HEAD = """\
## The plan file

A plan has `"format"` `"gem-planner/plan"` and `"version"` `1`, names its problem and
says every meeting in full. A plan made elsewhere needs no more than `problem`,
`placements` and `allocations` to be judged. Each tier also shows its `gap`, the
distance between value and bound as a fraction, which is not read back.

"""


def problem_format_page(examples: Mapping[str, str]) -> str:
    """The page; ``examples`` are the texts of the two files by name, without ending."""
    told: set[str] = {"date pattern", "rhythm"}
    parts = [HEAD, "## Every key\n\n", table_of(PROBLEM, top="gem-planner/problem")]
    for record in records_below(PROBLEM, told):
        parts.append(f"### {record.name.capitalize()}\n\n{table_of(record)}")
        if record.name == "series":
            parts.append(DATES)
            parts.extend(
                f"#### {one.name.capitalize()}\n\n{table_of(one)}"
                for one in (EXPLICIT, RHYTHM)
            )
    parts.append(BETWEEN + fenced(examples["small-term"]))
    parts.append(SECOND + fenced(examples["running-groups"]))
    parts.append(PLAN_HEAD + table_of(PLAN, top="gem-planner/plan"))
    parts.extend(
        f"### {record.name.capitalize()}\n\n{table_of(record)}"
        for record in records_below(PLAN, told)
    )
    return "".join(parts).rstrip() + "\n"


def fenced(text: str) -> str:
    """A file in a page."""
    return f"```json\n{text.rstrip()}\n```\n\n"


def _inside(codec: Codec) -> Codec:
    """The codec of the items, whatever they are wrapped in."""
    while isinstance(codec, Many | Nullable | Mapped):
        codec = codec.inner if isinstance(codec, Mapped) else codec.item
    return codec


def records_below(record: Record, told: set[str]) -> list[Record]:
    """Records that a record leads to and that were not told before, in order."""
    found: list[Record] = []
    for field in record.fields:
        inner = _inside(field.codec)
        if isinstance(inner, Record) and inner.name not in told:
            told.add(inner.name)
            found += [inner, *records_below(inner, told)]
    return found


def table_of(record: Record, top: str = "") -> str:
    """The keys of an object as a table; ``top`` is the format of a whole file."""
    rows = ["| Key | Value | Default | Meaning |", "|---|---|---|---|"]
    if top:
        rows.append(f'| `format` | `"{top}"` | **required** | What the file is. |')
        rows.append("| `version` | `1` | **required** | Version of the format. |")
    rows.extend(_row(field) for field in record.fields)
    return "\n".join(rows) + "\n\n"


def _row(field: Field) -> str:
    default = "**required**" if field.default is REQUIRED else _default(field)
    return f"| `{field.key}` | {_value(field.codec)} | {default} | {field.about} |"


def _value(codec: Codec) -> str:
    inner = _inside(codec)
    name = inner.words
    if isinstance(inner, Record):
        name = f"[{inner.name}](#{inner.slug})"
    elif inner.words == "date pattern or rhythm":
        name = "[dates](#dates-of-a-series)"
    return codec.words.replace(inner.words, name)


_ANY = Horizon.__new__(Horizon)


def _default(field: Field) -> str:
    written: Any = field.codec.write(field.default, _ANY)
    if isinstance(written, list) and len(written) > 5:
        return "always"
    if written == {} and isinstance(field.codec, Record):
        return "always free" if field.codec.slug == "availability" else "nothing"
    return f"`{json.dumps(written)}`"
