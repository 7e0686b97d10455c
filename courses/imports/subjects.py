"""Whose stored facts a preview tells: the persons that its line in the log names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.apps import apps

from courses.imports.differences import KEY_BETWEEN, Difference, What
from courses.imports.sheet import Sheet
from courses.imports.sheets import BY_NAME, PEOPLE

PERSONS = frozenset({"people", "relatives", *PEOPLE})
ASKING = "registrations"


def persons_shown(told: Mapping[str, Iterable[Difference]]) -> list[int]:
    """Ids of the persons of whom these differences show stored facts; two queries.

    ``told``: differences by name of the sheet. A row is of whoever its key names: by
    a code of their own or by that of what they ask for. A new row shows the file alone.
    """
    codes: dict[bool, set[str]] = {True: set(), False: set()}
    for name, differences in told.items():
        sheet = BY_NAME[name]
        targets = [_target(sheet, column) for column in sheet.key]
        for one in differences:
            if not sheet.about_people or one.what == What.ADDED:
                continue
            texts = one.key.split(KEY_BETWEEN)
            for target, text in zip(targets, texts, strict=False):
                if target in PERSONS or target == ASKING:
                    codes[target == ASKING].add(text)
    persons = apps.get_model("people.Person")._default_manager
    asked = apps.get_model("courses.Registration")._default_manager
    return sorted(
        {
            *persons.filter(reference__in=codes[False] - {""}).values_list(
                "pk", flat=True
            ),
            *asked.filter(reference__in=codes[True] - {""}).values_list(
                "resident__person", flat=True
            ),
        }
    )


def _target(sheet: Sheet, name: str) -> str:
    """The sheet whose row a column of the key stands for; its own for a plain code."""
    column = sheet.column(name)
    return column.points_to if column and column.points_to else sheet.name
