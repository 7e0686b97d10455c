"""What a coordinator did for somebody who is left out, or for a group that is not held.

A step says what was asked of whom, who agreed and when, and what it takes to undo it.
It never says why somebody needs help; the reason for one-to-one stands on the
registration, as a code.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StepKind(models.TextChoices):
    """What sort of help it is."""

    WAY = "way", _("a way that the plan named")
    COURSE = "course", _("another course or group")
    ONE_TO_ONE = "one_to_one", _("one-to-one is allowed")
    GROUP_FIRST = "group_first", _("group first is set aside")
    NEXT_TERM = "next_term", _("waits for the next period")
    ROOM = "room", _("a location was asked for a room")
    LEADER = "leader", _("a leader more")


class StepState(models.TextChoices):
    """How far it is. ``asked``: somebody has to say yes or no first."""

    ASKED = "asked", _("asked, no answer yet")
    DONE = "done", _("done")
    DECLINED = "declined", _("the answer was no")
    UNDONE = "undone", _("undone")


class Consent(models.TextChoices):
    """How somebody agreed to what is asked of him."""

    OWN_PAGE = "own_page", _("on the own page")
    TOLD = "told", _("told to a coordinator")


STANDING = (StepState.ASKED, StepState.DONE)
"""States in which a step counts."""


class HelpStep(models.Model):
    """One step, beside the schedule in which somebody was left out.

    ``key`` names the way in that schedule, ``changes`` are those of the way (see
    ``adapters.ways``); ``undo`` is what ``services.helping`` needs to put back.
    ``agreed_on`` and ``agreed_how``: when and how ``asked`` said yes.
    """

    schedule = models.ForeignKey(
        "scheduling.Schedule",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="help_steps",
        verbose_name=_("schedule"),
    )
    registration = models.ForeignKey(
        "courses.Registration",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="help_steps",
        verbose_name=_("registration"),
    )
    series = models.ForeignKey(
        "courses.Series",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="help_steps",
        verbose_name=_("series"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=StepKind)
    state = models.CharField(
        _("state"), max_length=10, choices=StepState, default=StepState.DONE
    )
    key = models.CharField(_("way"), max_length=20, blank=True)
    changes = models.JSONField(_("changes"), default=list, blank=True)
    undo = models.JSONField(_("to undo it"), default=list, blank=True)
    asked = models.ForeignKey(
        "people.Person",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="help_steps",
        verbose_name=_("asked of"),
    )
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    agreed_how = models.CharField(
        _("agreed how"), max_length=10, choices=Consent, blank=True
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("done by"),
    )
    made_at = models.DateTimeField(_("done at"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("step to help")
        verbose_name_plural = _("steps to help")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=StepKind.values, state__in=StepState.values),
                name="scheduling_step_known",
                violation_error_message=_("Choose a kind and a state from the lists."),
            ),
            models.CheckConstraint(
                condition=Q(registration__isnull=False) | Q(series__isnull=False),
                name="scheduling_step_about_something",
                violation_error_message=_(
                    "A step is about a registration or about a series."
                ),
            ),
            models.CheckConstraint(
                condition=Q(agreed_on__isnull=True, agreed_how="")
                | Q(agreed_on__isnull=False, agreed_how__in=Consent.values),
                name="scheduling_step_agreed_whole",
                violation_error_message=_("Say when and how somebody agreed."),
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(asked__isnull=False),
                name="scheduling_step_asked_of_somebody",
                violation_error_message=_("Say who was asked."),
            ),
            models.UniqueConstraint(
                fields=["schedule", "registration", "series", "key"],
                condition=Q(state__in=["asked", "done"], schedule__isnull=False)
                & ~Q(key=""),
                nulls_distinct=False,
                name="scheduling_step_way_once",
                violation_error_message=_("This was done or asked already."),
            ),
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=Q(
                    state__in=["asked", "done"], kind__in=["group_first", "next_term"]
                ),
                name="scheduling_step_standing_once",
                violation_error_message=_("This was done or asked already."),
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.pk}"
