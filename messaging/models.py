"""The outbox: messages wait here, are reviewed, and go out exactly once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.enums import MessageChannel, MessageState


class OutboxMessage(models.Model):
    """One message to one person. Subject and text are neutral (NTA 7516).

    `key` makes writing it twice impossible; `release` is the release it came from.
    """

    recipient = models.ForeignKey(
        "people.Person",
        models.CASCADE,
        related_name="messages",
        verbose_name=_("recipient"),
    )
    channel = models.CharField(
        _("way"), max_length=10, choices=MessageChannel, default=MessageChannel.EMAIL
    )
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=2, default="nl")
    state = models.CharField(
        _("state"), max_length=10, choices=MessageState, default=MessageState.DRAFT
    )
    key = models.CharField(_("key"), max_length=120, unique=True)
    release = models.CharField(_("release"), max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    approved_by = models.CharField(_("approved by"), max_length=64, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["state", "created_at"], name="messaging_state_made")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values)
                & Q(channel__in=MessageChannel.values),
                name="messaging_codes_known",
                violation_error_message=_("Choose way and state from the lists."),
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="messaging_sent_has_time",
                violation_error_message=_(
                    "A message that was sent has the time at which it was sent."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"])
                | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="messaging_approved_by_someone",
                violation_error_message=_(
                    "A message goes out only after somebody approved it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
