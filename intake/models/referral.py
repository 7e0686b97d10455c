"""A referral to an exploratory conversation, with the days of each stage.

Rows only, with codes: no referral letter, no note on health. A crisis is never
planned here; an urgent referral is refused and sent back (see intake.services).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from intake.enums import ReferralState


class Referral(models.Model):
    """A GP or social worker refers a resident to an exploratory conversation."""

    resident = models.ForeignKey(
        "people.Resident",
        models.CASCADE,
        related_name="referrals",
        verbose_name=_("resident"),
    )
    referrer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("referrer"),
    )
    organisation = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        related_name="referrals",
        verbose_name=_("organisation of the referrer"),
    )
    received_on = models.DateField(_("received on"))
    target_date = models.DateField(_("conversation due on"))
    state = models.CharField(
        _("state"), max_length=12, choices=ReferralState, default=ReferralState.RECEIVED
    )
    registration = models.OneToOneField(
        "courses.Registration",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="referral",
        verbose_name=_("registration"),
    )
    once = models.UUIDField(
        _("mark of the form"),
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text=_("The same form sent twice is one referral."),
    )
    with_relative = models.BooleanField(_("a relative comes along"), default=False)
    looks_like = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("looks like"),
        help_text=_("A coordinator asks whether it is one person or two."),
    )
    proposed_at = models.DateTimeField(_("times first proposed"), null=True, blank=True)
    chosen_at = models.DateTimeField(_("time chosen"), null=True, blank=True)
    held_on = models.DateField(_("conversation held on"), null=True, blank=True)
    advised_at = models.DateTimeField(_("advice given"), null=True, blank=True)
    link_hash = models.CharField(
        _("hash of the link by mail"), max_length=64, blank=True, editable=False
    )
    link_expires_at = models.DateTimeField(
        _("link lapses at"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["received_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(
                    state__in=["received", "registered", "proposed", "planned", "held"]
                ),
                name="intake_referral_one_open",
                violation_error_message=_(
                    "This resident already has a referral that is not finished."
                ),
            ),
            models.UniqueConstraint(
                fields=["link_hash"],
                condition=~Q(link_hash=""),
                name="intake_referral_link_once",
            ),
            models.CheckConstraint(
                condition=Q(target_date__gte=F("received_on")),
                name="intake_referral_target",
                violation_error_message=_(
                    "The day the conversation is due must not come before the day the "
                    "referral was received."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReferralState.values),
                name="intake_referral_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"
