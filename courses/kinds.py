"""The kinds of offering, one policy row each.

Everything that depends on a kind is read from its policy; no other file compares
kinds. The numbers are starting values for a new offering: each offering keeps its
own copy, which its organisation may change. Sources: the region's catalogue of
courses and groups, and the rules of the Dutch care tariff for group treatment
(blocks of 30 minutes, at most two practitioners).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfferingKind(models.TextChoices):
    """What sort of help an offering is."""

    DIGITAL_MODULE = "digital_module", _("digital module")
    PEER_GROUP = "peer_group", _("peer group")
    RECOVERY_COURSE = "recovery_course", _("recovery course")
    DROP_IN = "drop_in", _("drop-in")
    GROUP_TREATMENT = "group_treatment", _("group treatment")
    ONE_TO_ONE = "one_to_one", _("one-to-one")
    EXPLORATORY_CONVERSATION = "exploratory_conversation", _("exploratory conversation")
    CONSULTATION = "consultation", _("consultation")


class LevelOfCare(models.IntegerChoices):
    """How heavy the help is; 0 is the way in, before any help."""

    INTAKE = 0, _("way in")
    LIGHT = 1, _("light help")
    GROUP_CARE = 2, _("group treatment")
    INDIVIDUAL_CARE = 3, _("one-to-one care")


class WayIn(models.TextChoices):
    """How a resident comes in."""

    FREE = "free", _("anyone may join")
    WALK_IN = "walk_in", _("walk in, no enrolment")
    REFERRAL = "referral", _("after a referral")
    HELPER = "helper", _("asked by a helper")


class Format(models.TextChoices):
    """Where a session is held."""

    IN_PERSON = "in_person", _("on site")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("partly online")


@dataclass(frozen=True, kw_only=True)
class StaffNeed:
    """So many leaders who have one of the roles, from a group size on."""

    roles: tuple[str, ...]
    count: int
    from_size: int = 0


@dataclass(frozen=True, kw_only=True)
class OfferingPolicy:
    """The rules and starting values of one kind.

    Minutes and sizes are ranges of what is usual; `step_minutes` is the block in
    which a session is counted; `attendance_block_minutes` the parts in which is noted
    who was there (None: the session as a whole); `norm_days` is the longest fair wait
    in days.
    """

    kind: OfferingKind
    level_of_care: LevelOfCare | None
    way_in: WayIn
    staff: tuple[StaffNeed, ...]
    size: tuple[int, int]
    online_size_max: int | None = None
    sessions: tuple[int, int] | None = None
    minutes: tuple[int, int] | None = None
    step_minutes: int = 15
    norm_days: int = 98
    different_organisations: bool = False
    max_practitioners: int | None = None
    closed_after_session: int | None = None
    has_minimum_to_start: bool = False
    takes_registrations: bool = True
    needs_reason_code: bool = False
    relatives_may_join: bool = False
    coach_minutes_per_week: int | None = None
    attendance_block_minutes: int | None = None

    @property
    def self_paced(self) -> bool:
        """Whether there are no sessions, so no time and no room."""
        return self.minutes is None

    @property
    def open_ended(self) -> bool:
        """Whether a series has no fixed number of sessions."""
        return self.sessions is None and not self.self_paced


_EXPERT = ("expert_by_experience",)
_ANY_HOST = ("host", "expert_by_experience", "social_worker", "trainer")
_CARE = ("practitioner",)

POLICIES: dict[OfferingKind, OfferingPolicy] = {
    policy.kind: policy
    for policy in (
        OfferingPolicy(
            kind=OfferingKind.DIGITAL_MODULE,
            level_of_care=LevelOfCare.LIGHT,
            way_in=WayIn.FREE,
            staff=(),
            size=(1, 500),
            norm_days=14,
            coach_minutes_per_week=15,
        ),
        OfferingPolicy(
            kind=OfferingKind.PEER_GROUP,
            level_of_care=LevelOfCare.LIGHT,
            way_in=WayIn.FREE,
            staff=(
                StaffNeed(roles=_EXPERT, count=1),
                StaffNeed(roles=_EXPERT, count=1, from_size=10),
            ),
            size=(6, 12),
            minutes=(90, 120),
            norm_days=42,
        ),
        OfferingPolicy(
            kind=OfferingKind.RECOVERY_COURSE,
            level_of_care=LevelOfCare.LIGHT,
            way_in=WayIn.FREE,
            staff=(
                StaffNeed(roles=_EXPERT, count=1),
                StaffNeed(roles=(*_EXPERT, "trainer", "social_worker"), count=1),
            ),
            size=(6, 12),
            sessions=(3, 12),
            minutes=(90, 150),
            norm_days=70,
            closed_after_session=2,
            has_minimum_to_start=True,
        ),
        OfferingPolicy(
            kind=OfferingKind.DROP_IN,
            level_of_care=LevelOfCare.LIGHT,
            way_in=WayIn.WALK_IN,
            staff=(
                StaffNeed(roles=_ANY_HOST, count=1),
                StaffNeed(roles=_ANY_HOST, count=1, from_size=12),
            ),
            size=(0, 25),
            minutes=(120, 240),
            norm_days=7,
            takes_registrations=False,
        ),
        OfferingPolicy(
            kind=OfferingKind.GROUP_TREATMENT,
            level_of_care=LevelOfCare.GROUP_CARE,
            way_in=WayIn.REFERRAL,
            staff=(StaffNeed(roles=_CARE, count=2),),
            size=(6, 9),
            online_size_max=8,
            sessions=(8, 26),
            minutes=(90, 150),
            step_minutes=30,
            attendance_block_minutes=30,
            norm_days=98,
            max_practitioners=2,
            closed_after_session=2,
            has_minimum_to_start=True,
        ),
        OfferingPolicy(
            kind=OfferingKind.ONE_TO_ONE,
            level_of_care=LevelOfCare.INDIVIDUAL_CARE,
            way_in=WayIn.REFERRAL,
            staff=(StaffNeed(roles=_CARE, count=1),),
            size=(1, 1),
            sessions=(1, 20),
            minutes=(45, 60),
            norm_days=98,
            max_practitioners=1,
            needs_reason_code=True,
        ),
        OfferingPolicy(
            kind=OfferingKind.EXPLORATORY_CONVERSATION,
            level_of_care=LevelOfCare.INTAKE,
            way_in=WayIn.REFERRAL,
            staff=(
                StaffNeed(roles=("ggz_professional",), count=1),
                StaffNeed(roles=("social_worker", *_EXPERT), count=1),
            ),
            size=(1, 1),
            sessions=(1, 1),
            minutes=(75, 75),
            norm_days=28,
            different_organisations=True,
            relatives_may_join=True,
        ),
        OfferingPolicy(
            kind=OfferingKind.CONSULTATION,
            level_of_care=None,
            way_in=WayIn.HELPER,
            staff=(StaffNeed(roles=("ggz_professional",), count=1),),
            size=(0, 1),
            sessions=(1, 1),
            minutes=(30, 30),
            norm_days=7,
            takes_registrations=False,
        ),
    )
}


def policy_of(kind: str) -> OfferingPolicy:
    """The policy of a kind; ValueError names a kind that does not exist."""
    return POLICIES[OfferingKind(kind)]


def kinds_where(**wanted: object) -> list[str]:
    """Kinds whose policy has these values, for queries that may not compare kinds."""
    return [
        kind.value
        for kind, policy in POLICIES.items()
        if all(getattr(policy, name) == value for name, value in wanted.items())
    ]
