"""One solve with its snapshot: who asked, who is working on it, how far it is.

The lease protects the row, not the job: a worker that died loses its lease, another
takes the run over with a higher fence, and whatever the first still writes is refused
because its fence is old.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    """What a run plans."""

    WEEK = "week", _("one week")
    TERM = "term", _("new series of a term")


class RunState(models.TextChoices):
    """The life of a run."""

    QUEUED = "queued", _("waiting for a worker")
    RUNNING = "running", _("running")
    DONE = "done", _("finished")
    CANCELLED = "cancelled", _("stopped by a person")
    FAILED = "failed", _("failed")


UNFINISHED = (RunState.QUEUED, RunState.RUNNING)


class PlanningRun(models.Model):
    """A run over ``first_date`` up to and including ``last_date``.

    ``problem`` is the snapshot (docs/reference/problem-format.md) with ids made for
    this run alone; ``rows`` maps them to rows. ``incumbent`` is the best plan so far,
    ``plan`` the final one. ``value`` and ``bound`` are those of tier 1.
    """

    kind = models.CharField(
        _("kind"), max_length=4, choices=RunKind, default=RunKind.WEEK
    )
    first_date = models.DateField(_("first date"))
    last_date = models.DateField(_("last date"))
    state = models.CharField(
        _("state"), max_length=10, choices=RunState, default=RunState.QUEUED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    seconds = models.PositiveIntegerField(_("seconds to spend"), default=60)
    workers = models.PositiveSmallIntegerField(_("processes"), default=2)
    seed = models.PositiveIntegerField(_("seed"), default=1)
    problem = models.JSONField(_("problem"), null=True, blank=True)
    rows = models.JSONField(_("rows of the ids"), default=dict, blank=True)
    plan = models.JSONField(_("plan"), null=True, blank=True)
    incumbent = models.JSONField(_("best plan so far"), null=True, blank=True)

    owner = models.CharField(_("worker"), max_length=80, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    fence = models.PositiveIntegerField(_("fence"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    cancel_asked = models.BooleanField(_("stop asked"), default=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    doing = models.CharField(_("doing"), max_length=40, blank=True)
    spent_seconds = models.FloatField(_("seconds spent"), default=0)
    value = models.BigIntegerField(_("value"), null=True, blank=True)
    bound = models.FloatField(_("proven bound"), null=True, blank=True)
    placed = models.PositiveIntegerField(_("seated"), null=True, blank=True)
    unplaced = models.PositiveIntegerField(_("without a seat"), null=True, blank=True)
    progress = models.JSONField(
        _("course of value and bound"), default=list, blank=True
    )
    fault = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        verbose_name = _("planning run")
        verbose_name_plural = _("planning runs")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")),
                name="scheduling_run_dates",
                violation_error_message=_(
                    "The last date must not come before the first date."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.values, kind__in=RunKind.values),
                name="scheduling_run_known",
                violation_error_message=_("Choose a state and a kind from the lists."),
            ),
            models.CheckConstraint(
                condition=~Q(state="running")
                | Q(lease_until__isnull=False, fence__gte=1),
                name="scheduling_run_leased",
                violation_error_message=_("A run at work has a lease."),
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"
