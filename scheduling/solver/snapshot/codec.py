"""Values and their JSON: one small class for each way of writing something down.

A codec reads, writes and describes itself as JSON Schema, so that the reader, the
writer, the published schema and the reference page cannot drift apart. Reading notes
every fault with its path and goes on, so that one pass names them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NoReturn
from unicodedata import category

from scheduling.solver.horizon import Horizon
from scheduling.solver.problem import Fault

LARGEST = 1_000_000
"""Largest whole number of a problem: sums of weights times costs stay far below what
the engine can count to."""

FARTHEST = 10**15
"""Largest number of a plan: all sums of costs are below it."""

LONGEST = 200
"""Most characters of an id, a word or another text."""

UNPRINTABLE = frozenset({"Cc", "Cs"})
"""Unicode categories that no text may have: they would break a line of a message, or
cannot be written down."""


class Refused(Exception):
    """A value that cannot be used; its fault has been noted already."""


class Reading:
    """One pass over a file: the horizon that dates count from, and the faults."""

    def __init__(self, horizon: Horizon) -> None:
        self.horizon = horizon
        self.faults: list[Fault] = []

    def note(self, at: str, wrong: str, right: str) -> None:
        self.faults.append(Fault(at or "the file", wrong, right))

    def refuse(self, at: str, wrong: str, right: str) -> NoReturn:
        self.note(at, wrong, right)
        raise Refused


def shown(value: object) -> str:
    """A JSON value as a short text for a message."""
    try:
        text = repr(value)
    except RecursionError:
        return "nested too deeply"
    return text if len(text) <= 60 else f"{text[:57]}..."


def is_writable(text: str) -> bool:
    """Whether a text has nothing that breaks a line or cannot be written in UTF-8."""
    return text.isprintable() or all(category(c) not in UNPRINTABLE for c in text)


class Codec:
    """One way of writing a value in JSON. ``words`` names it on the reference page."""

    words = "value"

    def read(self, value: object, at: str, reading: Reading) -> Any:
        raise NotImplementedError

    def write(self, value: Any, horizon: Horizon) -> Any:
        return value

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        """JSON Schema of the value; records put themselves in ``definitions``."""
        raise NotImplementedError


class Text(Codec):
    """A text; ``empty`` says whether it may be empty."""

    def __init__(self, words: str = "text", empty: bool = False) -> None:
        self.words, self.empty = words, empty

    def read(self, value: object, at: str, reading: Reading) -> str:
        if not isinstance(value, str) or not (value.strip() or self.empty):
            reading.refuse(at, f"is {shown(value)}", f"give {self.words} as a string")
        if len(value) > LONGEST:
            reading.refuse(
                at, f"has {len(value)} characters", f"give at most {LONGEST}"
            )
        if not is_writable(value):
            reading.refuse(
                at, f"is {shown(value)}", "leave out line breaks and control characters"
            )
        return value

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        plain = r"[^\x00-\x1f\x7f-\x9f]*"
        pattern = plain if self.empty else rf"{plain}[^\x00-\x20\x7f-\xa0]{plain}"
        return {"type": "string", "maxLength": LONGEST, "pattern": f"^{pattern}$"}


class Whole(Codec):
    """A whole number from ``least`` to ``most``."""

    def __init__(self, least: int = 0, most: int = LARGEST) -> None:
        self.least, self.most = least, most
        bounded = f"from {least}" + (f" to {most}" if most != LARGEST else "")
        self.words = f"whole number {bounded}"

    def read(self, value: object, at: str, reading: Reading) -> int:
        if type(value) is not int or not self.least <= value <= self.most:
            allowed = f"from {self.least} to {self.most}"
            reading.refuse(at, f"is {shown(value)}", f"give a whole number {allowed}")
        return value

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Number(Codec):
    """A number, whole or not, up to ``FARTHEST`` from 0."""

    words = "number"

    def read(self, value: object, at: str, reading: Reading) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not -FARTHEST <= value <= FARTHEST
        ):
            reading.refuse(
                at, f"is {shown(value)}", f"give a number, at most {FARTHEST} from 0"
            )
        return value

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"type": "number", "minimum": -FARTHEST, "maximum": FARTHEST}


class Truth(Codec):
    """True or false."""

    words = "true or false"

    def read(self, value: object, at: str, reading: Reading) -> bool:
        if not isinstance(value, bool):
            reading.refuse(at, f"is {shown(value)}", "give true or false")
        return value

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"type": "boolean"}


class OneOf(Codec):
    """One word of an enumeration."""

    def __init__(self, kind: type[StrEnum]) -> None:
        self.kind = kind
        self.options = tuple(item.value for item in kind)
        self.words = "one of " + ", ".join(f"`{option}`" for option in self.options)

    def read(self, value: object, at: str, reading: Reading) -> StrEnum:
        if value not in self.options:
            reading.refuse(
                at, f"is {shown(value)}", f"give one of {', '.join(self.options)}"
            )
        return self.kind(value)

    def write(self, value: Any, horizon: Horizon) -> str:
        return str(value.value)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"enum": list(self.options)}


class Nullable(Codec):
    """A value or null."""

    def __init__(self, item: Codec) -> None:
        self.item, self.words = item, f"{item.words}, or null"

    def read(self, value: object, at: str, reading: Reading) -> Any:
        return None if value is None else self.item.read(value, at, reading)

    def write(self, value: Any, horizon: Horizon) -> Any:
        return None if value is None else self.item.write(value, horizon)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"anyOf": [self.item.schema(definitions), {"type": "null"}]}


class Many(Codec):
    """A list, kept as a tuple; as a frozen set, written sorted, if ``as_set``.

    ``length`` is the exact number of items, when it must be that.
    """

    def __init__(
        self, item: Codec, as_set: bool = False, length: int | None = None
    ) -> None:
        self.item, self.as_set, self.length = item, as_set, length
        self.words = f"list of {item.words}"
        if length is not None:
            self.words = f"pair of {item.words}s" if length == 2 else f"{length} items"

    def read(self, value: object, at: str, reading: Reading) -> Any:
        if not isinstance(value, list):
            reading.refuse(at, f"is {shown(value)}", "give a list")
        if self.length is not None and len(value) != self.length:
            reading.refuse(at, f"has {len(value)} items", f"give {self.length}")
        items, known = [], len(reading.faults)
        for number, item in enumerate(value):
            try:
                items.append(self.item.read(item, f"{at}[{number}]", reading))
            except Refused:
                continue
        if len(reading.faults) > known:
            raise Refused
        if not self.as_set:
            return tuple(items)
        if len(set(items)) < len(items):
            twice = next(item for item in value if value.count(item) > 1)
            reading.refuse(at, f"names {shown(twice)} twice", "name each once")
        return frozenset(items)

    def write(self, value: Any, horizon: Horizon) -> list[Any]:
        return [
            self.item.write(item, horizon)
            for item in (sorted(value) if self.as_set else value)
        ]

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {
            "type": "array",
            "items": self.item.schema(definitions),
        }
        if self.as_set:
            found["uniqueItems"] = True
        if self.length is not None:
            found["minItems"] = found["maxItems"] = self.length
        return found


class ByName(Codec):
    """An object whose keys are names chosen by the writer."""

    def __init__(self, item: Codec) -> None:
        self.item, self.words = item, f"object of {item.words} by name"

    def read(self, value: object, at: str, reading: Reading) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            reading.refuse(at, f"is {shown(value)}", "give an object")
        found, known = {}, len(reading.faults)
        for key, item in value.items():
            if not is_writable(key):
                reading.note(
                    at, f"has the key {shown(key)}", "leave out control characters"
                )
                continue
            try:
                found[key] = self.item.read(item, f"{at}.{key}", reading)
            except Refused:
                continue
        if len(reading.faults) > known:
            raise Refused
        return found

    def write(self, value: Any, horizon: Horizon) -> dict[str, Any]:
        return {key: self.item.write(value[key], horizon) for key in sorted(value)}

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "additionalProperties": self.item.schema(definitions),
        }


class Mapped(Codec):
    """Another codec's value, changed on the way in and out."""

    def __init__(
        self,
        inner: Codec,
        inwards: Callable[[Any], Any],
        outwards: Callable[[Any], Any],
    ) -> None:
        self.inner, self.inwards, self.outwards = inner, inwards, outwards
        self.words = inner.words

    def read(self, value: object, at: str, reading: Reading) -> Any:
        return self.inwards(self.inner.read(value, at, reading))

    def write(self, value: Any, horizon: Horizon) -> Any:
        return self.inner.write(self.outwards(value), horizon)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return self.inner.schema(definitions)
