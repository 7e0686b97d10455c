"""The words of intake that other apps may use too."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralState(models.TextChoices):
    """The life of a referral."""

    RECEIVED = "received", _("received")
    REGISTERED = "registered", _("waiting for a conversation")
    HELD = "held", _("conversation held")
    ADVISED = "advised", _("advice given")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ConsultationTopic(models.TextChoices):
    """What a helper wants to think about together; a code, never a story."""

    WHICH_HELP_FITS = "which_help_fits", _("which help fits")
    WAITING_TIME = "waiting_time", _("bridging a waiting time")
    WORKING_TOGETHER = "working_together", _("working together")
    GROUP_OFFER = "group_offer", _("the groups on offer")
    OTHER = "other", _("something else")


class ConsultationState(models.TextChoices):
    """The life of a consultation."""

    ASKED = "asked", _("asked")
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    WITHDRAWN = "withdrawn", _("withdrawn")
