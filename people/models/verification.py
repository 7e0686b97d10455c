"""That somebody made sure a referrer is a GP or social worker: an act of its own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import CheckedHow, Register


class Verification(models.Model):
    """An account was checked to refer for an organisation: by whom, when and how.

    It counts until `expires_on` (that day included), or until it is ended. A check
    done again is a row of its own, so that what counted when stays readable.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="verifications",
        verbose_name=_("account"),
    )
    organisation = models.ForeignKey(
        "people.Organisation",
        models.CASCADE,
        related_name="verifications",
        verbose_name=_("organisation"),
    )
    register = models.CharField(_("register"), max_length=15, choices=Register)
    number = models.CharField(_("number there"), max_length=12, blank=True)
    how = models.CharField(_("how it was checked"), max_length=15, choices=CheckedHow)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    verified_at = models.DateTimeField(_("checked at"), default=timezone.now)
    expires_on = models.DateField(_("counts until"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("check of a referrer")
        verbose_name_plural = _("checks of referrers")
        ordering = ["-verified_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="people_verification_one",
                violation_error_message=_("There is a check that counts already."),
            ),
            models.CheckConstraint(
                condition=Q(register__in=Register.values, how__in=CheckedHow.values),
                name="people_verification_known",
                violation_error_message=_("Choose from the list."),
            ),
            models.CheckConstraint(
                condition=Q(register="agb", number__regex=r"^[0-9]{8}$")
                | Q(register="big", number__regex=r"^[0-9]{11}$")
                | Q(register="skj", number__regex=r"^[0-9]{9}$")
                | Q(register="registerplein", number__regex=r"^[0-9]{4,12}$")
                | Q(register="organisation", number=""),
                name="people_verification_number",
                violation_error_message=_("This is no number of that register."),
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("user")),
                name="people_verification_by_other",
                violation_error_message=_("Nobody checks himself."),
            ),
        ]

    def __str__(self) -> str:
        return f"check of a referrer {self.pk}"
