"""Objects of a file: which keys they have, and which attribute each key is.

A key may be left out when the attribute has a default; it is then not written either,
so that a file shows only what is out of the ordinary.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from scheduling.solver.horizon import Horizon
from scheduling.solver.snapshot.codec import Codec, Reading, Refused, shown

REQUIRED = dataclasses.MISSING


class Field:
    """A key of an object.

    Parameters: ``key`` in the file; ``attribute`` of the dataclass; ``codec``;
    ``about``, a sentence for the reference page and the schema; ``default`` for
    another default than the dataclass has.
    """

    def __init__(
        self,
        key: str,
        attribute: str,
        codec: Codec,
        about: str,
        default: Any = REQUIRED,
    ) -> None:
        self.key, self.attribute, self.codec = key, attribute, codec
        self.about, self.default = about, default


class Record(Codec):
    """A dataclass as a JSON object; keys that it does not have are refused by name.

    ``derived_keys`` may be present and are not read: figures that follow from others.
    """

    def __init__(
        self,
        kind: type,
        name: str,
        fields: list[Field],
        derived_keys: tuple[str, ...] = (),
    ) -> None:
        self.kind, self.name, self.fields = kind, name, fields
        self.derived_keys = derived_keys
        self.slug = name.replace(" ", "-")
        self.words = name
        own = {item.name: item for item in dataclasses.fields(kind)}
        for item in fields:
            if item.default is REQUIRED:
                item.default = _default(own[item.attribute])

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.fields)

    def read(self, value: object, at: str, reading: Reading) -> Any:
        if not isinstance(value, Mapping):
            reading.refuse(at, f"is {shown(value)}", f"give a {self.name} object")
        known = len(reading.faults)
        for key in value:
            if key not in self.keys and key not in self.derived_keys:
                reading.note(at, f"has the unknown key {shown(key)}", self._hint(key))
        found = {}
        for item in self.fields:
            path = f"{at}.{item.key}" if at else item.key
            if item.key in value:
                try:
                    found[item.attribute] = item.codec.read(
                        value[item.key], path, reading
                    )
                except Refused:
                    continue
            elif item.default is REQUIRED:
                reading.note(
                    at, f"lacks the key {item.key!r}", f"give {item.codec.words}"
                )
            else:
                found[item.attribute] = item.default
        if len(reading.faults) > known:
            raise Refused
        return self.kind(**found)

    def _hint(self, key: str) -> str:
        near = get_close_matches(key, self.keys, 1)
        if near:
            return f"did you mean {near[0]!r}?"
        return f"a {self.name} has the keys {', '.join(self.keys)}"

    def write(self, value: Any, horizon: Horizon) -> dict[str, Any]:
        written = {}
        for item in self.fields:
            own = getattr(value, item.attribute)
            if item.default is REQUIRED or own != item.default:
                written[item.key] = item.codec.write(own, horizon)
        return written

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        if self.slug not in definitions:
            definitions[self.slug] = {}
            definitions[self.slug] = self.body(definitions)
        return {"$ref": f"#/$defs/{self.slug}"}

    def body(self, definitions: dict[str, Any]) -> dict[str, Any]:
        """The schema itself, for a record that stands at the top of a file."""
        properties = {
            item.key: {
                "description": item.about,
                **item.codec.schema(definitions),
            }
            for item in self.fields
        }
        properties |= {key: {} for key in self.derived_keys}
        return {
            "type": "object",
            "properties": properties,
            "required": [item.key for item in self.fields if item.default is REQUIRED],
            "additionalProperties": False,
        }


def _default(own: dataclasses.Field[Any]) -> Any:
    if own.default_factory is not dataclasses.MISSING:
        return own.default_factory()
    return own.default
