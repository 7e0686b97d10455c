"""The access log: who did what with whose data, when, where and why.

One append-only table after NEN 7513 (which event, when, which person, which user,
which responsible user). Ids and roles are kept as text, without foreign keys, so
that the log outlives every row it speaks of and never holds a name.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """The action code of NEN 7513, in the letters of FHIR AuditEvent.action."""

    CREATE = "C", _("create")
    READ = "R", _("read")
    UPDATE = "U", _("update")
    DELETE = "D", _("delete")
    EXECUTE = "E", _("execute")


class Result(models.TextChoices):
    """How the logged act ended."""

    SUCCESS = "success", _("success")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")


class AuditEvent(models.Model):
    """One line of the access log. The database refuses to change or delete it."""

    event_code = models.CharField(_("event"), max_length=60)
    action = models.CharField(_("action"), max_length=1, choices=Action)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    actor_id = models.CharField(_("user"), max_length=64)
    actor_role = models.CharField(_("role"), max_length=120)
    actor_organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    responsible_id = models.CharField(_("responsible user"), max_length=64, blank=True)
    responsible_role = models.CharField(
        _("role of the responsible user"), max_length=120, blank=True
    )
    object_kind = models.CharField(_("kind of object"), max_length=60, blank=True)
    object_id = models.CharField(_("object"), max_length=64, blank=True)
    subject_ids = ArrayField(
        models.CharField(max_length=64), verbose_name=_("persons"), default=list
    )
    purpose = models.CharField(_("purpose"), max_length=60)
    where = models.CharField(_("where"), max_length=120, blank=True)
    result = models.CharField(
        _("result"), max_length=10, choices=Result, default=Result.SUCCESS
    )
    emergency = models.BooleanField(_("emergency access"), default=False)
    trace_id = models.CharField(_("trace"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("access log")
        ordering = ["-at", "-id"]
        default_permissions = ("view",)
        indexes = [
            GinIndex(fields=["subject_ids"], name="audit_event_subjects"),
            models.Index(fields=["actor_id", "at"], name="audit_event_actor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__in=Action.values),
                name="audit_event_action_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(actor_id="") & ~models.Q(purpose=""),
                name="audit_event_actor_and_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_code} {self.at:%Y-%m-%d %H:%M}"
