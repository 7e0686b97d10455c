"""The rules and wishes as a page: what the planner keeps to, for everybody to read.

``python -m scheduling.solver.catalogue > docs/reference/rules.md`` writes it anew.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator

from scheduling.solver.constraints import CONSTRAINTS
from scheduling.solver.objectives import OBJECTIVES
from scheduling.solver.rule import Constraint, Objective

TIERS = {
    1: "Who is helped, and when",
    2: "Light, shared and digital help; professionals' time",
    3: "Things stay as people know them",
    4: "Comfort and a fair share",
}
FAMILIES = {
    "rooms": "Rooms",
    "facilitators": "Facilitators",
    "residents": "People who take part",
    "series": "Series",
    "pins": "Pins and what is published",
}
FAMILY_OF_MODULE = {
    "resident": "residents",
    "pairs": "residents",
    "facilitator": "facilitators",
    "lead": "facilitators",
    "staff": "facilitators",
    "load": "facilitators",
    "room": "rooms",
}

HEAD = """\
<!-- Written by `python -m scheduling.solver.catalogue`; change the rules, not this. -->
# Rules and wishes

What the planner keeps to. Every rule and wish is one class with the sentence below as
its description; the id is the same in plans, in the database and on the screens.

## Rules

A plan never breaks a rule: what cannot be placed is left out, with the reason. *Bound*
says whether the proof of how good a plan is holds the rule **exact** or **relaxed**: a
relaxed rule is kept by every plan all the same, only the proof reckons without some of
it.
"""

WISHES = """
## Wishes

A wish has a cost to lower. Tiers come strictly one after the other: no gain in a later
tier is worth anything lost in an earlier one. Inside a tier the costs are added up,
each times its weight. A region sets the weights; 0 switches a wish off.
"""


def sentence(rule: Constraint | Objective) -> str:
    """The first sentence of a rule's description, as one line."""
    text = inspect.cleandoc(type(rule).__doc__ or "").split("\n\n")[0]
    return re.sub(r"\s+", " ", text).strip()


def remarks(rule: Constraint | Objective) -> str:
    """What the description says beyond its first paragraph."""
    rest = inspect.cleandoc(type(rule).__doc__ or "").split("\n\n")[1:]
    return " ".join(re.sub(r"\s+", " ", part).strip() for part in rest)


def rules_page(
    constraints: Iterable[Constraint] = CONSTRAINTS,
    objectives: Iterable[Objective] = OBJECTIVES,
) -> str:
    """The page `docs/reference/rules.md`, as Markdown."""
    lines = [HEAD.rstrip("\n")]
    constraints, objectives = tuple(constraints), tuple(objectives)
    for family, title in FAMILIES.items():
        members = [rule for rule in constraints if family_of(rule) == family]
        if members:
            lines += ["", f"### {title}", ""]
            lines += _table(
                ("Rule", "What it says", "Bound"),
                (
                    (
                        f"`{rule.id}`",
                        _cell(f"{sentence(rule)} {remarks(rule)}"),
                        rule.bound,
                    )
                    for rule in members
                ),
            )
    lines.append(WISHES.rstrip("\n"))
    for tier in sorted({wish.tier for wish in objectives}):
        lines += ["", f"### Tier {tier}: {TIERS[tier]}", ""]
        lines += _table(
            ("Wish", "What it says", "Cost", "Weight"),
            (
                (
                    f"`{wish.id}`",
                    _cell(sentence(wish)),
                    _cell(remarks(wish)),
                    str(wish.default_weight),
                )
                for wish in objectives
                if wish.tier == tier
            ),
        )
    return "\n".join(lines) + "\n"


def family_of(rule: Constraint) -> str:
    """The family a rule is told under, by the file it is in."""
    module = type(rule).__module__.rpartition(".")[2]
    if module in FAMILIES:
        return module
    for begin, family in FAMILY_OF_MODULE.items():
        if module.startswith(begin):
            return family
    raise ValueError(f"say in FAMILY_OF_MODULE where rules of {module!r} belong")


def _cell(text: str) -> str:
    return text.strip().replace("|", "\\|")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    import sys

    sys.stdout.write(rules_page())
