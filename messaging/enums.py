"""The words of messages that other apps may use too."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageChannel(models.TextChoices):
    """By which way a message goes; by hand when no program can bring it."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    HAND = "hand", _("by telephone or post")


class MessageState(models.TextChoices):
    """The life of a message. `UNSURE`: it may have gone, so it is not sent again."""

    DRAFT = "draft", _("to be reviewed")
    APPROVED = "approved", _("approved")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNSURE = "unsure", _("perhaps sent")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("dropped")


class MessageKind(models.TextChoices):
    """What a message is for; never what a group is about."""

    NOTICE = "notice", _("notice")
    RELEASE = "release", _("change in the agenda")
    OFFER = "offer", _("offered place")
    ENROLMENT = "enrolment", _("place taken or given up")
    APPOINTMENT = "appointment", _("appointment")
    REMINDER = "reminder", _("reminder")
    REQUEST = "request", _("question to a helper")
    ACCOUNT = "account", _("signing in")


TO_REVIEW = (MessageState.DRAFT,)
TO_GO = (MessageState.APPROVED, MessageState.FAILED)
"""States from which a message is sent when its time has come."""
NOT_GONE = (MessageState.DRAFT, MessageState.APPROVED, MessageState.FAILED)
"""States in which a message can still be held back or dropped."""
