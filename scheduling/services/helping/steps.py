"""Applying a way, asking for it, the answer, and undoing: each one transaction.

Who does it must already be found to plan for the persons and the series it is about;
the pages check that. Everything is written down in ``HelpStep`` and in the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import PLANNING, record_event
from audit.rows import save_checked
from scheduling.models import Consent, HelpStep, StepKind, StepState
from scheduling.models.step import STANDING
from scheduling.services.helping.applying import Doing, apply_change
from scheduling.services.helping.letters import send_question, take_message_back
from scheduling.services.helping.open import Subject, WayOpen
from scheduling.services.helping.undoing import By, undo_change

if TYPE_CHECKING:
    from people.models import User
    from scheduling.models import Schedule


@transaction.atomic
def apply_way(
    *,
    actor: Actor,
    user: User,
    subject: Subject,
    way: WayOpen,
    agreed_on: date | None = None,
) -> HelpStep:
    """Do all changes of a way now. Whom it asks something of said yes on ``agreed_on``.

    Raises
    ------
    django.core.exceptions.ValidationError
        When somebody must agree and no day is given or it is still to come, when it was
        done already, or when the facts changed meanwhile. Nothing is done then.
    """
    _check_open(way)
    if way.asks and agreed_on is None:
        raise ValidationError(_("Say on which day this was agreed."))
    if agreed_on is not None and agreed_on > timezone.localdate():
        raise ValidationError(_("That day is still to come."))
    step = keep(
        HelpStep(
            **subject.about,
            kind=StepKind.WAY,
            key=way.key,
            changes=list(way.changes),
            asked_id=way.asks[0] if way.asks else None,
            agreed_on=agreed_on if way.asks else None,
            agreed_how=Consent.TOLD if way.asks else "",
            made_by=user,
        )
    )
    _do(actor, subject, step)
    log(actor, step, "help.apply", also=way.asks)
    return step


@transaction.atomic
def ask_for_way(
    *, actor: Actor, user: User, subject: Subject, way: WayOpen
) -> HelpStep:
    """Ask the one person of whom a way asks something; the answer applies it.

    Raises ``ValidationError`` when it was asked already, or asks more than one person.
    """
    _check_open(way)
    if len(way.asks) != 1:
        raise ValidationError(_("Talk this over first: it asks not just one person."))
    step = keep(
        HelpStep(
            **subject.about,
            kind=StepKind.WAY,
            state=StepState.ASKED,
            key=way.key,
            changes=list(way.changes),
            asked_id=way.asks[0],
            made_by=user,
        )
    )
    send_question(actor=actor, step=step, leader=way.leader)
    log(actor, step, "help.ask")
    return step


@transaction.atomic
def answer_step(*, actor: Actor, step: HelpStep, agreed: bool) -> HelpStep:
    """The answer of who was asked, given by himself; a yes does what was asked.

    Raises ``ValidationError`` when it was answered or taken back, or when the facts
    changed so that it can no longer be done; then it stays asked.
    """
    locked = _locked(step)
    if locked.state != StepState.ASKED:
        raise ValidationError(_("This question was answered already, or taken back."))
    locked.answered_at = timezone.now()
    if agreed:
        locked.state = StepState.DONE
        locked.agreed_on = timezone.localdate()
        locked.agreed_how = Consent.OWN_PAGE
        save_checked(locked)
        subject = Subject(
            cast("Schedule", locked.schedule),
            registration=locked.registration,
            series=locked.series,
        )
        _do(actor, subject, locked)
    else:
        locked.state = StepState.DECLINED
        save_checked(locked)
    take_message_back(actor=actor, step=locked)
    log(actor, locked, "help.agree" if agreed else "help.decline")
    return locked


@transaction.atomic
def undo_step(*, actor: Actor, user: User, step: HelpStep) -> HelpStep:
    """Take a step back: what was asked is no longer asked, what was done is as before.

    Raises ``ValidationError`` when it was undone already or when somebody changed the
    same facts meanwhile; nothing is undone then.
    """
    locked = _locked(step)
    if locked.state not in STANDING:
        raise ValidationError(_("This was undone already."))
    for record in reversed(locked.undo):
        undo_change(By(actor, user), record)
    locked.state = StepState.UNDONE
    locked.undone_by, locked.undone_at = user, timezone.now()
    save_checked(locked)
    take_message_back(actor=actor, step=locked)
    log(actor, locked, "help.undo")
    return locked


def keep(step: HelpStep) -> HelpStep:
    """Write a step; the same that stands already is refused in words."""
    try:
        with transaction.atomic():
            return save_checked(step)
    except IntegrityError as error:  # somebody else did it at this very moment
        raise ValidationError(_("This was done or asked already.")) from error


def done(
    actor: Actor, step: HelpStep, undo: Sequence[Mapping[str, Any]], code: str
) -> HelpStep:
    """A step with what it takes to undo it, logged."""
    step.undo = list(undo)
    step.save(update_fields=["undo"])
    log(actor, step, code)
    return step


def log(actor: Actor, step: HelpStep, code: str, also: Sequence[int] = ()) -> None:
    """One line of the access log; subjects are who is helped and who was asked."""
    subjects = [step.asked_id, *also]
    if step.registration is not None:
        subjects.append(step.registration.resident.person_id)
    record_event(
        actor=actor,
        code=code,
        action="C" if code in ("help.apply", "help.ask") else "U",
        purpose=PLANNING,
        subjects=[one for one in subjects if one is not None],
        object_kind="help",
        object_id=step.pk,
    )


def _do(actor: Actor, subject: Subject, step: HelpStep) -> None:
    doing = Doing(actor, subject)
    step.undo = [apply_change(doing, change) for change in step.changes]
    step.save(update_fields=["undo"])


def _check_open(way: WayOpen) -> None:
    if way.step is not None:
        raise ValidationError(_("This was done or asked already."))
    if not way.complete or way.form:
        raise ValidationError(
            _("This cannot be done with one press. Make the plan again first.")
        )


def _locked(step: HelpStep) -> HelpStep:
    rows = HelpStep.objects.select_for_update(of=("self",))
    return rows.select_related("registration__resident", "series", "schedule").get(
        pk=step.pk
    )
