"""The look in data: icons, how each kind of offering is shown, chart geometry.

Templates of every app reach this through the tag library config/templatetags/gem.py;
nothing here knows a row or a request. How to build a page: docs/reference/look.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ICON_FILE = (
    Path(__file__).resolve().parent.parent / "static" / "vendor" / "lucide/icons.json"
)


@cache
def icon_shapes() -> dict[str, str]:
    """Icon name to its SVG shapes (trusted: made by tools/vendor_assets.py)."""
    shapes: dict[str, str] = json.loads(ICON_FILE.read_text("utf-8"))
    return shapes


@dataclass(frozen=True)
class KindLook:
    """How a kind of offering is recognised: CSS name, icon and word, never alone."""

    css: str
    icon: str
    word: str | Promise


KIND_LOOKS: dict[str, KindLook] = {
    look.css: look
    for look in (
        KindLook("peer", "heart-handshake", _("Peer group")),
        KindLook("course", "book-open", _("Recovery course")),
        KindLook("ggz", "users", _("Group treatment")),
        KindLook("online", "video", pgettext_lazy("kind of meeting", "Online")),
        KindLook("talk", "message-circle", _("Exploratory conversation")),
        KindLook("dropin", "coffee", _("Drop-in")),
        KindLook("digital", "monitor-play", _("Digital module")),
        KindLook("single", "user", _("One-to-one")),
        KindLook("consult", "phone", _("Consultation between professionals")),
        KindLook("other", "calendar", _("Meeting")),
    )
}


@dataclass(frozen=True)
class ChipMark:
    """A state of a session on the board: icon and word, never colour alone."""

    icon: str
    word: str | Promise


# The stored kinds (courses/kinds.py) by the name of their look.
LOOK_OF_KIND = {
    "peer_group": "peer",
    "recovery_course": "course",
    "group_treatment": "ggz",
    "exploratory_conversation": "talk",
    "drop_in": "dropin",
    "digital_module": "digital",
    "one_to_one": "single",
    "consultation": "consult",
}


def kind_look(kind: str, meeting_format: str = "") -> KindLook:
    """The look of a stored kind, or of a look's own name.

    A meeting held online is shown as online, whatever its kind, because that is
    what someone reading a week needs first: there is no room to go to.
    """
    name = str(kind).replace("-", "_")
    name = LOOK_OF_KIND.get(name, name)
    if meeting_format == "online" and name != "digital":
        name = "online"
    return KIND_LOOKS.get(name, KIND_LOOKS["other"])


CHIP_MARKS: dict[str, ChipMark] = {
    "conflict": ChipMark("triangle-alert", _("Conflict")),
    "moved": ChipMark("move", _("Moved")),
    "pinned": ChipMark("pin", _("Pinned")),
    "cancelled": ChipMark("ban", _("Cancelled")),
    "few": ChipMark("user-plus", _("Too few people")),
    "unled": ChipMark("circle-help", _("No leader")),
}
"""What a session on the board says of its states, in this order."""


Place = tuple[float, float]


@dataclass(frozen=True)
class ProgressPoint:
    """What a run knew at a moment: seconds since start, value, and proven bound."""

    seconds: float
    value: float | None
    bound: float | None


@dataclass(frozen=True)
class ProgressDrawing:
    """SVG paths of value and bound in a drawing of width by height units."""

    width: int
    height: int
    value_path: str
    bound_path: str
    room_path: str
    last: ProgressPoint


def draw_progress(
    points: Sequence[ProgressPoint], width: int = 640, height: int = 180
) -> ProgressDrawing | None:
    """Draw value (rising) and bound (falling) as step lines; None without values.

    The vertical scale runs from the lowest to the highest number seen, so that the
    gap that is left stays visible when both are near each other.
    """
    known = [p for p in points if p.value is not None or p.bound is not None]
    if not known:
        return None
    numbers = [n for p in known for n in (p.value, p.bound) if n is not None]
    low, high = min(numbers), max(numbers)
    span = (high - low) or 1.0
    start, end = known[0].seconds, known[-1].seconds
    length = (end - start) or 1.0

    def x_of(seconds: float) -> float:
        return round((seconds - start) / length * width, 1)

    def y_of(number: float) -> float:
        return round(height - 8 - (number - low) / span * (height - 16), 1)

    values = [(x_of(p.seconds), y_of(p.value)) for p in known if p.value is not None]
    bounds = [(x_of(p.seconds), y_of(p.bound)) for p in known if p.bound is not None]
    return ProgressDrawing(
        width=width,
        height=height,
        value_path=_steps(values, width),
        bound_path=_steps(bounds, width),
        room_path=_between(values, bounds, width),
        last=known[-1],
    )


def _steps(places: Iterable[Place], width: float) -> str:
    """A step line: a number holds until the next one is known, and to the end."""
    path = ""
    for x, y in places:
        path += f"H{x:g}V{y:g}" if path else f"M{x:g} {y:g}"
    return f"{path}H{width:g}" if path else ""


def _between(lower: Sequence[Place], upper: Sequence[Place], width: float) -> str:
    """The area between two step lines, from where both are known to the end."""
    if not lower or not upper:
        return ""
    start = max(lower[0][0], upper[0][0])
    there = _steps(_from(upper, start), width)
    places = _from(lower, start)
    back = f"V{places[-1][1]:g}"
    for place, before in zip(reversed(places), reversed(places[:-1]), strict=False):
        back += f"H{place[0]:g}V{before[1]:g}"
    return f"{there}{back}H{start:g}Z"


def _from(places: Sequence[Place], start: float) -> list[Place]:
    """The part of a step line from `start` on, with what held at that moment."""
    held = [place for place in places if place[0] <= start]
    later = [place for place in places if place[0] > start]
    return [(start, held[-1][1]), *later]
