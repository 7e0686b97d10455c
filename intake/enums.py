"""The words of intake that other apps may use too."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralState(models.TextChoices):
    """The life of a referral."""

    RECEIVED = "received", _("received")
    REGISTERED = "registered", _("waiting for a conversation")
    PROPOSED = "proposed", _("times proposed")
    PLANNED = "planned", _("conversation planned")
    HELD = "held", _("conversation held")
    ADVISED = "advised", _("advice given")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_REFERRALS = (
    ReferralState.RECEIVED,
    ReferralState.REGISTERED,
    ReferralState.PROPOSED,
    ReferralState.PLANNED,
    ReferralState.HELD,
)
"""States in which a referral is not finished; a resident has at most one of these."""


class ProposalState(models.TextChoices):
    """The life of a proposed time."""

    OPEN = "open", _("proposed")
    CHOSEN = "chosen", _("chosen")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("lapsed")


class Advice(models.TextChoices):
    """What a conversation can lead to. It says which way, never what is the matter."""

    OWN_NETWORK = "own_network", _("on with one's own people and neighbourhood")
    SELF_DIRECTION = "self_direction", _("a self-direction centre")
    COURSE_OR_GROUP = "course_or_group", _("a course or a peer group")
    DIGITAL = "digital", _("a digital module")
    SOCIAL_WORK = "social_work", _("help from a social worker")
    GROUP_TREATMENT = "group_treatment", _("group treatment")
    ONE_TO_ONE = "one_to_one", _("one-to-one treatment")
    ELSEWHERE = "elsewhere", _("a specialist centre elsewhere")
    BACK_TO_GP = "back_to_gp", _("back to the GP to talk it over")


class TalkWay(models.TextChoices):
    """How a resident would like to talk."""

    PHONE = "phone", _("by telephone")
    IN_PERSON = "in_person", _("at a location near me")
    ONLINE = "online", _("by video call")


class TalkState(models.TextChoices):
    """The life of a request for a talk."""

    ASKED = "asked", _("asked")
    DONE = "done", _("arranged")
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
