"""The words of messages that other apps may use too."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageChannel(models.TextChoices):
    """By which way a message goes."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")


class MessageState(models.TextChoices):
    """The life of a message."""

    DRAFT = "draft", _("to be reviewed")
    APPROVED = "approved", _("approved")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("dropped")
