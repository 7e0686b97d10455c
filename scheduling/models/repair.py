"""What happened to a published week, and the ways out that were found for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RepairKind(models.TextChoices):
    """What happened."""

    LEADER_ILL = "leader_ill", _("a leader is ill")
    ROOM_LOST = "room_lost", _("a room cannot be used")
    ROOM_TAKEN = "room_taken", _("a room is taken or shut")
    CENTRE_CLOSED = "centre_closed", _("a centre is shut")
    HOLIDAY = "holiday", _("a holiday was forgotten")
    RESIDENT_JOINED = "resident_joined", _("a resident came in")
    RESIDENT_LEFT = "resident_left", _("a resident left")


class Repair(models.Model):
    """Something that happened on some days, and what it touches in one period.

    ``about`` is the key of the facilitator, room, centre, municipality or registration;
    empty when it is not kept any more (``services.files``). ``run`` holds the facts and
    stands behind the draft that a chosen alternative became.
    """

    kind = models.CharField(_("kind"), max_length=15, choices=RepairKind)
    about = models.CharField(_("about"), max_length=40)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    run = models.OneToOneField(
        "scheduling.PlanningRun",
        models.CASCADE,
        related_name="repair",
        verbose_name=_("run"),
    )
    touched = models.JSONField(_("sessions touched"), default=list, blank=True)
    chosen = models.PositiveSmallIntegerField(
        _("alternative chosen"), null=True, blank=True
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reported by"),
    )
    reported_at = models.DateTimeField(_("reported at"), default=timezone.now)

    class Meta:
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="scheduling_repair_days",
                violation_error_message=_(
                    "The last day must not come before the first day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RepairKind.values),
                name="scheduling_repair_known",
                violation_error_message=_("Choose a kind from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"repair {self.pk}"


class RepairAlternative(models.Model):
    """One way out, ranked from 1, the best.

    ``plan`` is a plan file of the facts of the run; ``means`` says with keys of rows
    what it changes for whom, and ``proofs`` what is proven. All are erased with those.
    """

    repair = models.ForeignKey(
        Repair,
        models.CASCADE,
        related_name="alternatives",
        verbose_name=_("repair"),
    )
    rank = models.PositiveSmallIntegerField(_("rank"))
    plan = models.JSONField(_("plan"), null=True, blank=True)
    means = models.JSONField(_("what it means"), default=dict)
    proofs = models.JSONField(_("what is proven"), default=list)

    class Meta:
        verbose_name = _("way to repair")
        verbose_name_plural = _("ways to repair")
        ordering = ["repair", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["repair", "rank"],
                name="scheduling_repair_rank_once",
                violation_error_message=_("This repair already has that rank."),
            ),
        ]

    def __str__(self) -> str:
        return f"way {self.rank} of repair {self.repair_id}"
