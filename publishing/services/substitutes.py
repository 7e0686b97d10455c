"""A leader looks for a colleague to take over one meeting, and the first who can does.

Who may be asked is judged by the rules of the planner on what is published; the leader
sees the name to be called by and the organisation, and nothing of why others cannot. A
yes is judged again, changes the agenda and every feed at once, and is told to the
coordinator and to who leads the meeting with or without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.actor import SYSTEM, Actor
from courses.services import stand_ins
from courses.services.stand_ins import NoLongerWanted, NotFitAnyMore
from messaging.enums import MessageKind
from messaging.services import Wording, drop_unsent, letter, queue_letters
from people.enums import Role
from people.selectors import colleagues
from publishing.services.tell import site_link, tell_persons, tell_role
from scheduling.services.stand_ins import substitutes_published
from scheduling.solver.problem import InvalidProblem

if TYPE_CHECKING:
    from courses.models import Session, StandInAsk
    from people.models import Facilitator, Person

CAN_YOU_COME_IN = Wording(
    subject=pgettext_lazy("subject", "Can you come in for a colleague?"),
    formal=pgettext_lazy(
        "u",
        "A colleague cannot lead a meeting and asks whether you can. Look when and "
        "where it is, and say yes or no. Who says yes first leads it. The button works "
        "once.",
    ),
    informal=pgettext_lazy(
        "je",
        "A colleague cannot lead a meeting and asks whether you can. Look when and "
        "where it is, and say yes or no. Who says yes first leads it. The button works "
        "once.",
    ),
    link_words=_("Look and say yes or no"),
)
TAKEN_OVER = Wording(
    subject=_("A meeting has another leader"),
    formal=pgettext_lazy(
        "u",
        "A colleague takes over a meeting. You need do nothing. Sign in to GEM to see "
        "which meeting and who.",
    ),
    informal=pgettext_lazy(
        "je",
        "A colleague takes over a meeting. You need do nothing. Sign in to GEM to see "
        "which meeting and who.",
    ),
    link_words=_("Look at it"),
)
NOBODY_CAN = Wording(
    subject=_("Nobody who was asked can come in"),
    formal=pgettext_lazy(
        "u",
        "Colleagues were asked to take over a meeting, and none of them can. Sign in "
        "to GEM to see which meeting.",
    ),
    informal=pgettext_lazy(
        "je",
        "Colleagues were asked to take over a meeting, and none of them can. Sign in "
        "to GEM to see which meeting.",
    ),
    link_words=_("Look at it"),
)


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Who could take over, as a colleague may see it."""

    facilitator_id: int
    name: str
    organisation: str


def _program(user: Any) -> Actor:
    """The program judges; the leader who asks answers for it, and sees no more."""
    return Actor(
        user_id=SYSTEM,
        role="publishing.substitutes",
        responsible_id=str(user.pk) if user is not None else "",
        responsible_role=Role.FACILITATOR.value,
    )


def _fit(user: Any, session: Session, missing: int) -> tuple[int, ...]:
    """Facilitators who may take over by the rules of today, the best first.

    None when the facts of that week contradict each other, or do not have the meeting.
    """
    try:
        found = substitutes_published(
            actor=_program(user),
            day=timezone.localdate(session.period.lower),
            session=session.pk,
            missing=missing,
        )
    except (ValidationError, InvalidProblem):
        return ()
    return tuple(one.facilitator_id for one in found)


def who_could(
    *, actor: Actor, user: Any, facilitator: Facilitator, session: Session
) -> list[Colleague]:
    """Colleagues who could lead this meeting instead, the best first; names logged."""
    fit = _fit(user, session, facilitator.pk)
    known = colleagues(actor=actor, facilitator_ids=fit)
    return [
        Colleague(
            facilitator_id=pk,
            name=known[pk].person.group_name,
            organisation=known[pk].organisation.name,
        )
        for pk in fit
        if pk in known
    ]


@transaction.atomic
def ask(
    *,
    actor: Actor,
    user: Any,
    facilitator: Facilitator,
    session: Session,
    facilitator_ids: Iterable[int],
) -> int:
    """Ask colleagues by message; how many were asked now.

    Raises
    ------
    django.core.exceptions.ValidationError
        When one of them cannot take it over by the rules, or as `ask_stand_ins`.
    """
    wanted = list(dict.fromkeys(facilitator_ids))
    if not wanted:
        raise ValidationError(_("Choose at least one colleague."))
    if not set(wanted) <= set(_fit(user, session, facilitator.pk)):
        raise ValidationError(
            _("One of these colleagues cannot come by now. Look at the list again.")
        )
    asked = stand_ins.ask_stand_ins(
        actor=actor, session=session, missing=facilitator, facilitator_ids=wanted
    )
    letters = [
        letter(
            CAN_YOU_COME_IN,
            key=_key(one.ask),
            recipient=one.ask.facilitator.person,
            link=site_link("publishing:stand_in_link", one.token),
            secret=True,
            kind=MessageKind.REQUEST,
            review=False,
        )
        for one in asked
    ]
    if letters:
        queue_letters(actor=actor, letters=letters)
    return len(asked)


def _key(row: StandInAsk) -> str:
    return f"stand-in-{row.pk}"


def stop(*, actor: Actor, facilitator: Facilitator, session: Session) -> int:
    """Take all open questions about a meeting back, with mail that has not gone."""
    open_ones = [
        row
        for row in stand_ins.asked_for(session=session, missing=facilitator)
        if row.state == "asked"
    ]
    drop_unsent(actor=actor, keys=[_key(row) for row in open_ones])
    return stand_ins.stop_asking(actor=actor, session=session, missing=facilitator)


@transaction.atomic
def accept(*, actor: Actor, user: Any, row: StandInAsk) -> StandInAsk:
    """A colleague says yes. Raises `NoLongerWanted` or `NotFitAnyMore`."""

    def fit(one: StandInAsk) -> bool:
        return one.facilitator_id in _fit(user, one.session, one.missing_id)

    others = stand_ins.asked_for(session=row.session, missing=row.missing)
    done = stand_ins.take_over(actor=actor, ask=row, fit=fit)
    drop_unsent(actor=actor, keys=[_key(one) for one in others])
    _tell_taken_over(actor, done)
    return done


def _tell_taken_over(actor: Actor, row: StandInAsk) -> None:
    session = row.session
    key = f"taken-over-{row.pk}"
    tell_role(
        actor=actor,
        role=Role.COORDINATOR,
        organisation_ids=[session.series.offering.organisation_id],
        wording=TAKEN_OVER,
        key=key,
        link=site_link("scheduling:session", session.pk),
    )
    together: list[Person] = [
        one.facilitator.person
        for one in session.session_leaders.select_related("facilitator__person")
        if one.facilitator_id != row.facilitator_id
    ]
    tell_persons(
        actor=actor,
        persons=[row.missing.person, *together],
        wording=TAKEN_OVER,
        key=f"{key}-leader",
        link=site_link("publishing:my_agenda"),
    )


@transaction.atomic
def decline(*, actor: Actor, row: StandInAsk) -> bool:
    """A colleague says no; when nobody is left to answer, that is told."""
    if not stand_ins.say_no(actor=actor, ask=row):
        return False
    asked = stand_ins.asked_for(session=row.session, missing=row.missing)
    if any(one.state != "declined" for one in asked):
        return True
    key = f"nobody-{row.session_id}-{row.missing_id}-{len(asked)}"
    tell_role(
        actor=actor,
        role=Role.COORDINATOR,
        organisation_ids=[row.session.series.offering.organisation_id],
        wording=NOBODY_CAN,
        key=key,
        link=site_link("scheduling:session", row.session_id),
    )
    tell_persons(
        actor=actor,
        persons=[row.missing.person],
        wording=NOBODY_CAN,
        key=f"{key}-leader",
        link=site_link("publishing:stand_ins", row.session_id),
    )
    return True


__all__ = [
    "Colleague",
    "NoLongerWanted",
    "NotFitAnyMore",
    "accept",
    "ask",
    "decline",
    "stop",
    "who_could",
]
