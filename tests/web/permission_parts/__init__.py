"""Rows of the permission table, a module for each part of the site.

A module brings any of: `ROWS`, its pages; `ADMIN`, the rights on its tables in the
administration; `bring(world)`, which adds to `world.things` what its rows ask about.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def parts() -> list[ModuleType]:
    """Every part, by name; each is found by lying here."""
    names = sorted(found.name for found in iter_modules(__path__))
    return [import_module(f"{__name__}.{name}") for name in names]
