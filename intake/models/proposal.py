"""Times proposed for a conversation, or for a consultation; one of them is chosen.

A proposed time holds nothing: room and professionals are taken only when somebody
chooses, in one transaction that the database judges. Until then nobody else is
proposed the same professionals or room at that hour.
"""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.enums import ProposalState


class ProposedTime(models.Model):
    """A time, a room (none online) and who would be there."""

    referral = models.ForeignKey(
        "intake.Referral",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="times",
        verbose_name=_("referral"),
    )
    consultation = models.ForeignKey(
        "intake.Consultation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="times",
        verbose_name=_("consultation"),
    )
    period = DateTimeRangeField(_("period"))
    room = models.ForeignKey(
        "rooms.Room",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("room"),
    )
    leaders = models.ManyToManyField(
        "people.Facilitator", related_name="proposed_times", verbose_name=_("leaders")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN
    )
    series = models.ForeignKey(
        "courses.Series",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("held as"),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("proposed time")
        verbose_name_plural = _("proposed times")
        ordering = ["period", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(referral__isnull=False, consultation__isnull=True)
                | Q(referral__isnull=True, consultation__isnull=False),
                name="intake_proposal_for_one_thing",
                violation_error_message=_(
                    "A time is proposed for a referral or for a consultation."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ProposalState.values),
                name="intake_proposal_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False)
                & Q(period__startswith__isnull=False)
                & Q(period__endswith__isnull=False),
                name="intake_proposal_period",
                violation_error_message=_("The end must come after the start."),
            ),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(state="chosen"),
                name="intake_proposal_one_chosen",
                violation_error_message=_("A time was already chosen."),
            ),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(state="chosen"),
                name="intake_proposal_one_accepted",
                violation_error_message=_("A time was already accepted."),
            ),
        ]

    def __str__(self) -> str:
        return f"proposed time {self.pk}"
