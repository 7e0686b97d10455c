"""Ids made for one run: a problem file says nothing about who or what is behind it."""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable
from typing import Any

_SHUFFLE = random.SystemRandom()


class Codes:
    """Opaque ids for the things of one kind, handed out in a shuffled order.

    ``prefix`` tells the reader of a file what an id is: ``s`` a series, ``n`` a
    registration, and so on. Rows do not keep their order, so an id is no row number.
    """

    def __init__(self, prefix: str, things: Iterable[Hashable] = ()) -> None:
        self.prefix = prefix
        self._ids: dict[Hashable, str] = {}
        shuffled = list(dict.fromkeys(things))
        _SHUFFLE.shuffle(shuffled)
        for thing in shuffled:
            self.of(thing)

    def of(self, thing: Hashable) -> str:
        """The id of a thing; a thing seen for the first time gets one."""
        if thing not in self._ids:
            self._ids[thing] = f"{self.prefix}{len(self._ids) + 1}"
        return self._ids[thing]

    def all_of(self, things: Iterable[Hashable]) -> frozenset[str]:
        return frozenset(self.of(thing) for thing in things)

    def __contains__(self, thing: Hashable) -> bool:
        return thing in self._ids

    def pairs(self) -> Iterable[tuple[Any, str]]:
        """Each thing with its id."""
        return self._ids.items()

    def rows(self) -> dict[str, str]:
        """Id to row key as text, for the run's own table."""
        return {ident: str(thing) for thing, ident in self._ids.items()}
