"""Who is acting: passed to every service, and known per request.

Services and selectors take `actor=` explicitly. The context variable only carries
what a log line also wants and no caller should have to hand down: the view or
command, and the trace id.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

SYSTEM = "system"
ANONYMOUS = "anonymous"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something, as text: ids, roles and organisation codes, never names.

    `responsible_id` and `responsible_role` name the user who answers for the act
    when that is someone else (NEN 7513).
    """

    user_id: str
    role: str
    organisation: str = ""
    responsible_id: str = ""
    responsible_role: str = ""

    @classmethod
    def of(cls, user: Any) -> Actor:
        """The actor behind an account; an anonymous visitor has no id."""
        if not getattr(user, "is_authenticated", False):
            return cls(user_id=ANONYMOUS, role=ANONYMOUS)
        role = ",".join(sorted(user.roles)) or (
            "superuser" if user.is_superuser else "none"
        )
        return cls(
            user_id=str(user.pk), role=role, organisation=user.organisation_codes
        )

    @classmethod
    def system(cls, task: str) -> Actor:
        """The program itself, in a command or a background job."""
        return cls(user_id=SYSTEM, role=task)

    @classmethod
    def feed(cls, token_id: object) -> Actor:
        """A calendar program that fetches a feed with a token."""
        return cls(user_id=f"feed:{token_id}", role="feed")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where an act happens, and the trace it belongs to."""

    where: str = ""
    trace_id: str = field(default_factory=lambda: uuid.uuid4().hex)


_scene: ContextVar[Scene | None] = ContextVar("audit_scene", default=None)


def current_scene() -> Scene:
    """The scene of this request or command; an empty one outside both."""
    return _scene.get() or Scene(trace_id="")


@contextmanager
def scene(where: str) -> Iterator[Scene]:
    """Name the view or command for every log line written inside the block."""
    here = Scene(where=where)
    token = _scene.set(here)
    try:
        yield here
    finally:
        _scene.reset(token)
