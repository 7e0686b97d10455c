"""What becomes of a group as a whole: merged, divided, stopped or online, in a draft.

The draft of one week carries the decision; the release does it for all that is still
to come of the group. Until then nothing moves: everybody keeps the seat he has. Undoing
the change undoes the decision.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_read
from courses.enums import RUNNING_STATES
from courses.selectors.coordinator import series_with_offering
from courses.selectors.small import Fit, fits_of, groups_beside, members_of
from scheduling.adapters.load_problem import Loaded, load_variants
from scheduling.models import (
    EditKind,
    EditState,
    Schedule,
    ScheduleEdit,
    ScheduleTransfer,
)
from scheduling.services.drafts import (
    NEVER_ACCEPTED,
    about_rows,
    accept_violations,
    breach_key,
    drafted_meets,
    plan_of,
    transfers_of,
)
from scheduling.services.edits import (
    MoveRefused,
    keep_edit,
    locked_draft,
    states_of,
    write_sessions,
)
from scheduling.services.moves import Breach, Verdict
from scheduling.services.spreading import spread_of
from scheduling.services.transfers import keep_transfers, must_not_be_split
from scheduling.solver import verify
from scheduling.solver.plan import Plan

if TYPE_CHECKING:
    from courses.models import Enrolment, Series
    from people.models import User


@dataclass(frozen=True, kw_only=True)
class Comes:
    """One member beside another group.

    ``objections``: why this person cannot go there; ``cautions``: what he once said
    that it does not meet, though he could. ``seat``: whether there is one left.
    """

    seat_row: Enrolment
    objections: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    seat: bool = True

    @property
    def goes(self) -> bool:
        return self.seat and not self.objections


@dataclass(frozen=True, kw_only=True)
class Merger:
    """Another group of the same offering, and who could go there, in order of turn.

    ``free``: its free seats, less those of people who go there in the same draft.
    """

    series: Series
    free: int
    people: tuple[Comes, ...]

    @property
    def going(self) -> list[Comes]:
        return [one for one in self.people if one.goes]

    @property
    def staying(self) -> list[Comes]:
        """Who would wait for the next group, with the old date."""
        return [one for one in self.people if not one.goes]

    @property
    def moves(self) -> dict[int, UUID]:
        """The series to go to, by key of the enrolment."""
        return dict.fromkeys((one.seat_row.pk for one in self.going), self.series.pk)


def mergers(
    *, actor: Actor, series: Series, schedule: Schedule | None = None
) -> list[Merger]:
    """Every group that this one could be merged with, most people along first.

    ``schedule``: the draft it would be in. What that stops is no group to go to, and
    who goes elsewhere in it takes a seat there. A fixed number of queries, however many
    members and groups.
    """
    members = members_of(series_id=series.pk)
    record_read(
        actor=actor,
        subjects=[one.resident.person_id for one in members],
        purpose=PLANNING,
        code="series.members.read",
        object_kind="series",
        object_id=series.pk,
    )
    stops, promised = set[UUID](), dict[UUID, int]()
    if schedule is not None:
        stops, promised = ending(schedule), seats_promised(schedule)
    beside = [one for one in groups_beside(series=series) if one.pk not in stops]
    fits = fits_of(seats=members, targets=beside)
    found = [
        _merger(one, members, max(0, one.seats_open - promised.get(one.pk, 0)), fits)
        for one in beside
    ]
    return sorted(found, key=lambda one: (-len(one.going), str(one.series.pk)))


def seats_promised(schedule: Schedule) -> dict[UUID, int]:
    """Seats in each group for people who go to it in a draft; one query."""
    found = ScheduleTransfer.objects.filter(
        edit__schedule=schedule, edit__state=EditState.DONE
    )
    counted = found.order_by().values("series").annotate(seats=Sum("enrolment__seats"))
    return dict(counted.values_list("series", "seats"))


def _merger(
    target: Series,
    members: list[Enrolment],
    seats: int,
    fits: Mapping[tuple[int, UUID], Fit],
) -> Merger:
    free = seats
    people = []
    for seat in members:
        no, hints = fits[seat.pk, target.pk]
        there_is = seat.seats <= free
        if not no and there_is:
            free -= seat.seats
        people.append(
            Comes(
                seat_row=seat,
                objections=tuple(no),
                cautions=tuple(hints),
                seat=there_is,
            )
        )
    return Merger(series=target, free=seats, people=tuple(people))


def judge_goings(
    *,
    actor: Actor,
    schedule: Schedule,
    series: Series,
    goings: Sequence[Mapping[int, UUID]],
) -> list[Verdict]:
    """What each way of going breaks of the groups people go to, in the period of the
    draft. ``goings``: series by key of the enrolment (``Merger.moves``). The rows are
    read once, however many ways there are."""
    decided = list(schedule.series_rows.values_list("series_id", flat=True))
    standing = transfers_of(schedule)
    variants = load_variants(
        actor=actor,
        kind=schedule.kind,
        first_date=schedule.first_date,
        last_date=schedule.last_date,
        free_series=decided,
        as_drafted={
            **dict.fromkeys(decided, ()),
            **drafted_meets(schedule),
            series.pk: (),
        },
        transfers=[{**standing, **moves} for moves in goings],
    )
    verdicts: list[Verdict] = []
    plan: Plan | None = None
    for moves, loaded in zip(goings, variants, strict=True):
        plan = plan or plan_of(schedule, loaded)  # the ids are the same in all
        verdicts.append(
            Verdict(
                version=schedule.version,
                breaches=_breaches(loaded, plan, {*moves.values()}, series.pk),
                people=len(moves),
                minutes=0,
            )
        )
    return verdicts


def _breaches(
    loaded: Loaded, plan: Plan, targets: Collection[UUID], ended: UUID
) -> tuple[Breach, ...]:
    """Broken rules that are about these groups and not about the one that stops."""
    breaches = []
    joined = {str(key) for key in targets}
    for one in verify.violations(loaded.problem, plan):
        about = tuple((kind, key) for kind, key in about_rows(one, loaded.rows))
        told = {key for kind, key in about if kind == "series"}
        if joined & told and str(ended) not in told:
            breaches.append(
                Breach(
                    key=breach_key(one.rule, about, one.slot, one.facts),
                    rule=one.rule,
                    about=about,
                    slot=one.slot,
                    facts=one.facts,
                    never=one.rule in NEVER_ACCEPTED,
                )
            )
    return tuple(breaches)


@transaction.atomic
def merge_groups(
    *,
    actor: Actor,
    user: User,
    schedule: Schedule,
    series_id: UUID,
    target_id: UUID,
    version: int,
    accept: Collection[str] = (),
) -> ScheduleEdit:
    """Let who can go from one group to another, and stop the first, in a draft.

    Who cannot go waits for the next group of the offering when the draft is released.
    Raises ``StaleDraft``, ``MoveRefused`` for rules that nobody accepted by name, and
    ``ValidationError`` when one of the groups is not (or no longer) there.
    """
    schedule = locked_draft(schedule, version)
    series = _to_end(schedule, series_id)
    found = mergers(actor=actor, series=series, schedule=schedule)
    merger = next((one for one in found if one.series.pk == target_id), None)
    if merger is None:
        raise ValidationError(_("That group is not there any more. Choose another."))
    if not merger.going:
        raise ValidationError(
            _("Nobody of this group can go to that one. Choose another way.")
        )
    return _merged(actor, user, schedule, series, merger.moves, accept)


@transaction.atomic
def spread_group(
    *,
    actor: Actor,
    user: User,
    schedule: Schedule,
    series_id: UUID,
    moves: Mapping[int, UUID],
    version: int,
    accept: Collection[str] = (),
) -> ScheduleEdit:
    """Divide the people of a group over several others, and stop it, in a draft.

    ``moves``: the division as it was shown (``Spread.moves``). Who is not in it waits
    for the next group of the offering. Raises as ``merge_groups``, and
    ``ValidationError`` when the division would be another one by now.
    """
    schedule = locked_draft(schedule, version)
    series = _to_end(schedule, series_id)
    found = spread_of(mergers(actor=actor, series=series, schedule=schedule))
    if found is None or found.moves != dict(moves):
        raise ValidationError(
            _("Who can go where changed meanwhile. Look at it again below.")
        )
    return _merged(actor, user, schedule, series, found.moves, accept)


def _merged(
    actor: Actor,
    user: User,
    schedule: Schedule,
    series: Series,
    moves: Mapping[int, UUID],
    accept: Collection[str],
) -> ScheduleEdit:
    """Let people go where they are to go, and stop the group they are in."""
    (verdict,) = judge_goings(
        actor=actor, schedule=schedule, series=series, goings=[moves]
    )
    refused = [one for one in verdict.new if one.never or one.key not in accept]
    if refused:
        raise MoveRefused(verdict, refused)
    edit = _ended(actor, user, schedule, series, EditKind.MERGE)
    keep_transfers(edit, moves)
    accept_violations(schedule=schedule, user=user, violations=verdict.new, edit=edit)
    return edit


@transaction.atomic
def end_group(
    *, actor: Actor, user: User, schedule: Schedule, series_id: UUID, version: int
) -> ScheduleEdit:
    """Stop a group in a draft: who is in it waits for the next one, with the old date.

    Raises ``StaleDraft`` and ``ValidationError`` as ``merge_groups``.
    """
    schedule = locked_draft(schedule, version)
    series = _to_end(schedule, series_id)
    return _ended(actor, user, schedule, series, EditKind.END)


@transaction.atomic
def group_online(
    *, actor: Actor, user: User, schedule: Schedule, series_id: UUID, version: int
) -> ScheduleEdit:
    """Let all that is still to come of a group be online, in a draft.

    Raises ``StaleDraft`` and ``ValidationError`` as ``merge_groups``.
    """
    schedule = locked_draft(schedule, version)
    series = of_draft(schedule, series_id)
    keys = list(
        schedule.sessions.filter(series=series.pk).values_list("session_id", flat=True)
    )
    before = states_of(schedule, keys)
    after = [state | {"room": None, "online": True} for state in before]
    write_sessions(schedule, keys, after)
    return keep_edit(actor, user, schedule, EditKind.ONLINE, before, after, series.pk)


def _ended(
    actor: Actor, user: User, schedule: Schedule, series: Series, kind: EditKind
) -> ScheduleEdit:
    keys = list(
        schedule.sessions.filter(series=series.pk).values_list("session_id", flat=True)
    )
    before = states_of(schedule, keys)
    write_sessions(schedule, keys, [])
    return keep_edit(actor, user, schedule, kind, before, [], series.pk)


def of_draft(schedule: Schedule, series_id: UUID) -> Series:
    """The running series, if the draft decides on it and does not stop it already."""
    row = series_with_offering(series_ids=[series_id]).get(series_id)
    decided = schedule.series_rows.filter(series=series_id).exists()
    if row is None or row.state not in RUNNING_STATES or not decided:
        raise ValidationError(
            _(
                "This draft does not decide on that group. Open the week in which it "
                "meets."
            )
        )
    if series_id in ending(schedule):
        raise ValidationError(_("This group already stops in this draft."))
    return row


def _to_end(schedule: Schedule, series_id: UUID) -> Series:
    """As ``of_draft``, if nobody of another group goes to it in the same draft, and
    nobody of it elsewhere: they were told of a seat that there would not be."""
    row = of_draft(schedule, series_id)
    must_not_be_split(schedule, series_id)
    if series_id in transfers_of(schedule).values():
        raise ValidationError(
            _(
                "In this draft people of another group go to this one, so it cannot "
                "stop. Take that back first, or publish it and decide again."
            )
        )
    return row


def ending(schedule: Schedule) -> set[UUID]:
    """Groups that a draft stops, by the changes that stand; one query."""
    return set(_wholes(schedule, EditKind.MERGE, EditKind.END))


def going_online(schedule: Schedule) -> set[UUID]:
    """Groups that go on online by the changes that stand; one query."""
    return set(_wholes(schedule, EditKind.ONLINE))


def _wholes(schedule: Schedule, *kinds: EditKind) -> list[UUID]:
    edits = schedule.edits.filter(
        state=EditState.DONE, kind__in=kinds, series__isnull=False
    )
    return [key for key in edits.values_list("series_id", flat=True) if key is not None]
