"""A person asks that what is kept of him or her is erased."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import ErasureState, HoldReason


class ErasureRequest(models.Model):
    """Carried out on `due_on`, unless it is taken back before.

    `person_number` stays when the person is gone: it is what the access log names.
    `erased` counts rows by kind once it is done. A privacy officer may let it wait,
    with a reason from the list and a day on which it goes on by itself.
    """

    person = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="erasure_requests",
        verbose_name=_("person"),
    )
    person_number = models.PositiveBigIntegerField(_("number of the person"))
    state = models.CharField(
        _("state"), max_length=10, choices=ErasureState, default=ErasureState.ASKED
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    due_on = models.DateField(_("carried out on"))
    hold_reason = models.CharField(
        _("waits because"), max_length=20, choices=HoldReason, blank=True
    )
    hold_until = models.DateField(_("waits until"), null=True, blank=True)
    held_at = models.DateTimeField(_("held at"), null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("held by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    erased = models.JSONField(_("erased rows by kind"), default=dict, blank=True)

    class Meta:
        verbose_name = _("request for erasure")
        verbose_name_plural = _("requests for erasure")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="asked"),
                name="people_erasure_one_open",
                violation_error_message=_("This was asked already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ErasureState.values),
                name="people_erasure_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", closed_at__isnull=True)
                | (~Q(state="asked") & Q(closed_at__gte=F("asked_at"))),
                name="people_erasure_closed_has_time",
                violation_error_message=_("A request that is closed says since when."),
            ),
            models.CheckConstraint(
                condition=Q(
                    hold_reason="", hold_until__isnull=True, held_at__isnull=True
                )
                | Q(
                    hold_reason__in=HoldReason.values,
                    hold_until__isnull=False,
                    held_at__isnull=False,
                ),
                name="people_erasure_hold_whole",
                violation_error_message=_("What waits says why, since when and until."),
            ),
        ]

    def __str__(self) -> str:
        return f"request for erasure {self.pk}"

    @property
    def is_held(self) -> bool:
        """Whether it waits today."""
        return self.hold_until is not None and self.hold_until > timezone.localdate()
