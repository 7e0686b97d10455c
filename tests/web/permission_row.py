"""One page asked in one way, and the answer each account gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from people.enums import Role

ANONYMOUS = "anonymous"
OTHER_RESIDENT = "another resident"
OTHER_MANAGER = "manager of another centre"
ACCOUNTS = (ANONYMOUS, *(role.value for role in Role), OTHER_RESIDENT, OTHER_MANAGER)
PLANNERS = (Role.COORDINATOR.value, Role.FUNCTIONAL_ADMINISTRATOR.value)
RESIDENT = Role.RESIDENT.value
RESIDENTS = (RESIDENT, OTHER_RESIDENT)
LEADER = Role.FACILITATOR.value
MANAGER = Role.CENTRE_MANAGER.value
MANAGERS = (MANAGER, OTHER_MANAGER)


@dataclass(frozen=True)
class Row:
    """One page asked in one way; `answers` by account, others get `otherwise`.

    `args` are names of things in the test's world (see permission_world); `data` is
    sent as it is, in the address or (by `post`) as a form.
    """

    name: str
    answers: Mapping[str, int] = field(default_factory=dict)
    otherwise: int = 404
    anonymous: int = 302
    args: tuple[str, ...] = ()
    method: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)

    def expected(self, account: str) -> int:
        """The answer this account gets."""
        if account in self.answers:
            return self.answers[account]
        return self.anonymous if account == ANONYMOUS else self.otherwise


def everyone(name: str, *args: str, answer: int = 200, **more: Any) -> Row:
    """A page that is the same for all."""
    return Row(name, otherwise=answer, anonymous=answer, args=args, **more)


def only(accounts: tuple[str, ...], name: str, *args: str, **more: Any) -> Row:
    """A page for some; a visitor may sign in, others do not find it."""
    answer = more.pop("answer", 200)
    return Row(name, dict.fromkeys(accounts, answer), args=args, **more)


def planners(name: str, *args: str, **more: Any) -> Row:
    """A page of the coordinator; others are told that it is not for them."""
    return only(PLANNERS, name, *args, otherwise=403, **more)


def coordinators(name: str, *args: str, **more: Any) -> Row:
    """A page, or a press on one, for coordinators; who plans as well is told no."""
    return only((Role.COORDINATOR.value,), name, *args, otherwise=403, **more)


def posted(name: str, *args: str) -> Row:
    """A page that only takes presses: looking at it is no use to anybody."""
    return everyone(name, *args, answer=405)


ADMINISTRATOR = Role.FUNCTIONAL_ADMINISTRATOR.value
COORDINATOR = Role.COORDINATOR.value
OFFICER = Role.PRIVACY_OFFICER.value
# These accounts may use the administration pages at all.
DESK = (COORDINATOR, ADMINISTRATOR, OFFICER, MANAGER, OTHER_MANAGER)
LOOK, CHANGE = 1, 2
ELSEWHERE = 3
"""Changes rows of the own organisation, while the row asked for is another's."""
SHARED = {COORDINATOR: LOOK, ADMINISTRATOR: CHANGE}
COORDINATED = {COORDINATOR: CHANGE}
LOOKED_AT = {COORDINATOR: LOOK}
PLANNED = {COORDINATOR: LOOK, ADMINISTRATOR: LOOK}
HOUSES = {
    COORDINATOR: LOOK,
    ADMINISTRATOR: CHANGE,
    MANAGER: CHANGE,
    OTHER_MANAGER: ELSEWHERE,
}
