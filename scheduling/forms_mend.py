"""Which form mends what each check before planning finds, where it stands.

A check that is in neither list is mended at its record: the page links to that.
"""

from __future__ import annotations

from collections.abc import Callable

from scheduling.forms_mend_base import (
    DropForm,
    FreeForm,
    FurtherForm,
    MendForm,
    MinutesForm,
    OpenForm,
    PaceForm,
    SmallestForm,
    WishForm,
)
from scheduling.forms_mend_groups import (
    AskedOpenForm,
    LaterForm,
    LeaderFreeForm,
    LeadForm,
    MoreOfRoleForm,
    OrderForm,
    PairForm,
    RoleForm,
    RoomForm,
    RoomHasForm,
    RoomNeedsForm,
    RoomOpenForm,
    SkillsForm,
    TogetherForm,
    TwoWaysForm,
)

FORMS: dict[str, Callable[..., MendForm]] = {
    "series-without-leader": LeadForm,
    "series-leaders-never-free": LeaderFreeForm,
    "series-too-few-organisations": LeadForm,
    "series-without-room": RoomNeedsForm,
    "series-rooms-never-open": RoomOpenForm,
    "series-without-window": OpenForm,
    "series-order-cannot-fit": OrderForm,
    "series-too-few-interested": SmallestForm,
    "series-group-below-minimum": SmallestForm,
    "series-nobody-asks": LaterForm,
    "series-one-leader": LeadForm,
    "room-without-opening": OpenForm,
    "room-fully-booked": AskedOpenForm,
    "room-never-suits": RoomForm,
    "facilitator-without-role": RoleForm,
    "facilitator-without-availability": FreeForm,
    "facilitator-load-too-small": MinutesForm,
    "facilitator-shift-too-short": FreeForm,
    "facilitator-not-needed": SkillsForm,
    "registration-without-choices": WishForm,
    "registration-level-not-allowed": WishForm,
    "registration-choices-taken": WishForm,
    "registration-choices-unsuitable": WishForm,
    "registration-nothing-fits": WishForm,
    "registration-already-member": DropForm,
    "registration-never-free": FreeForm,
    "registration-too-far": FurtherForm,
    "registration-target-out-of-reach": WishForm,
    "person-without-availability": FreeForm,
    "person-needs-no-room-has": RoomHasForm,
    "person-over-pace": PaceForm,
    "together-without-common-choice": TogetherForm,
    "together-and-apart": TwoWaysForm,
    "apart-but-in-one-group": PairForm,
    "role-short": MoreOfRoleForm,
    "published-room-closed": AskedOpenForm,
    "published-leader-away": FreeForm,
    "published-member-away": FreeForm,
    "published-room-too-small": RoomForm,
}
"""The form of each check that can be mended where it stands."""
