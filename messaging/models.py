"""The outbox: messages wait here, are reviewed, and go out at most once."""

from __future__ import annotations

import hashlib
import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.enums import MessageChannel, MessageKind, MessageState


class OutboxMessage(models.Model):
    """One message to one person, or to an address. Neutral words (NTA 7516).

    `key` makes writing it twice impossible; `uid` is the Message-ID of every attempt
    (RFC 5322, 3.6.4); `fence` counts attempts, so that a worker that was thought dead
    cannot settle a later one. `secret` words (a link to sign in with) are shown to
    nobody and wiped when the message has gone. `sessions` are the sessions whose
    calendar entries go along.
    """

    recipient = models.ForeignKey(
        "people.Person",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("recipient"),
    )
    address = models.CharField(
        _("address"),
        max_length=254,
        blank=True,
        help_text=_("Only for whom is not known as a person; masked when it has gone."),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=MessageKind, default=MessageKind.NOTICE
    )
    channel = models.CharField(
        _("way"), max_length=10, choices=MessageChannel, default=MessageChannel.EMAIL
    )
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"))
    link = models.CharField(_("link"), max_length=600, blank=True)
    link_words = models.CharField(_("words of the link"), max_length=60, blank=True)
    secret = models.BooleanField(_("shown to nobody"), default=False)
    sessions = ArrayField(
        models.UUIDField(), default=list, blank=True, verbose_name=_("sessions")
    )
    language = models.CharField(_("language"), max_length=2, default="nl")
    urgent = models.BooleanField(_("also in quiet hours"), default=False)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=MessageState, default=MessageState.DRAFT
    )
    key = models.CharField(_("key"), max_length=120, unique=True)
    release = models.CharField(_("release"), max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    approved_by = models.CharField(_("approved by"), max_length=64, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    uid = models.UUIDField(
        _("number of the letter"), default=uuid.uuid4, db_default=RandomUUID()
    )
    fence = models.PositiveIntegerField(_("fence"), default=0)
    sending_since = models.DateTimeField(_("sending since"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fault = models.CharField(_("fault"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["state", "created_at"], name="messaging_state_made"),
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["approved", "failed"]),
                name="messaging_to_go",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values)
                & Q(channel__in=MessageChannel.values)
                & Q(kind__in=MessageKind.values),
                name="messaging_codes_known",
                violation_error_message=_("Choose way and state from the lists."),
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, address="")
                | (Q(recipient__isnull=True) & ~Q(address="")),
                name="messaging_to_someone",
                violation_error_message=_("A message goes to a person or an address."),
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
                condition=Q(sending_since__isnull=False)
                | ~Q(state__in=["sending", "unsure"]),
                name="messaging_sending_has_time",
                violation_error_message=_(
                    "A message that is being sent has the time at which that began."
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

    @property
    def words_mark(self) -> str:
        """A mark of its words (16 hex digits): other words have another mark."""
        words = f"{self.subject}\n{self.body}".encode()
        return hashlib.sha256(words).hexdigest()[:16]
