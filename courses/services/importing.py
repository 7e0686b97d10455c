"""How an app above courses lets its own rows be imported with a region.

Such an app describes a sheet with these words and calls `add_sheet` when it starts.
"""

from __future__ import annotations

from courses.imports.cells import Clock, Code, Day, Integer, OneOf, Ref, Text, YesNo
from courses.imports.sheet import Column, Sheet, column, needed
from courses.imports.sheets import add_sheet

__all__ = [
    "Clock",
    "Code",
    "Column",
    "Day",
    "Integer",
    "OneOf",
    "Ref",
    "Sheet",
    "Text",
    "YesNo",
    "add_sheet",
    "column",
    "needed",
]
