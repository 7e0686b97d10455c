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


class RunTask(models.TextChoices):
    """What a run makes: a plan, a plan of other facts, a list of what lacks, or ways
    to mend what was published."""

    PLAN = "plan", _("a plan")
    WHAT_IF = "what_if", _("a plan with other facts")
    LACKS = "lacks", _("what the plan lacks most")
    REPAIR = "repair", _("ways to mend a published week")


class MayMove(models.TextChoices):
    """What of the published schedule a run may place elsewhere.

    What can no longer be so (a leader on leave, a closed room) may always move, and
    what is pinned never may.
    """

    NOTHING = "nothing", _("nothing that was published")
    GROUPS = "groups", _("only the groups that I choose")
    CENTRES = "centres", _("groups in the centres that I choose")
    KINDS = "kinds", _("groups of the kinds that I choose")
    EVERYTHING = "everything", _("everything, as little as possible")


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

    ``as_draft``: the plan becomes the draft of its period; otherwise it stands beside
    it as a scenario, which holds no seats until it is chosen. ``may_move_of`` has the
    keys of series or centres, or the kinds, that ``may_move`` is about. ``importance``
    says by wish "less" or "more", ``weights`` the numbers it came to. ``based_on`` is
    the run that a what-if (``changes``) or a list of what lacks is about; of ways to
    mend, ``changes`` says what happened (``services.repairs``). ``told`` has the ways
    that would help (``adapters.ways``), ``figures`` what the plan does, in numbers, and
    ``found`` what a run that makes no draft found.
    """

    kind = models.CharField(
        _("kind"), max_length=4, choices=RunKind, default=RunKind.WEEK
    )
    first_date = models.DateField(_("first date"))
    last_date = models.DateField(_("last date"))
    state = models.CharField(
        _("state"), max_length=10, choices=RunState, default=RunState.QUEUED
    )
    task = models.CharField(
        _("task"), max_length=8, choices=RunTask, default=RunTask.PLAN
    )
    as_draft = models.BooleanField(_("becomes the draft"), default=True)
    may_move = models.CharField(
        _("what may move"), max_length=10, choices=MayMove, default=MayMove.NOTHING
    )
    may_move_of = models.JSONField(_("of which"), default=list, blank=True)
    importance = models.JSONField(_("importance of wishes"), default=dict, blank=True)
    weights = models.JSONField(_("weights of wishes"), default=dict, blank=True)
    based_on = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("based on"),
    )
    changes = models.JSONField(_("other facts"), default=list, blank=True)
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
    told = models.JSONField(_("what would help"), null=True, blank=True)
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    found = models.JSONField(_("what was found"), default=dict, blank=True)

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
                condition=Q(task__in=RunTask.values, may_move__in=MayMove.values),
                name="scheduling_run_asked",
                violation_error_message=_("Choose a task and what may move."),
            ),
            models.CheckConstraint(
                condition=Q(task="plan") | Q(as_draft=False),
                name="scheduling_run_draft_is_a_plan",
                violation_error_message=_("Only a plan can become a draft."),
            ),
            models.UniqueConstraint(
                fields=["changes"],
                condition=Q(task="repair", state__in=["queued", "running"]),
                name="scheduling_run_repair_asked_once",
                violation_error_message=_("This is being worked out already."),
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
