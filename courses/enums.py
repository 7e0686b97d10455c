"""The states of series, sessions, registrations and seats, for every app."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeriesState(models.TextChoices):
    """The life of a series."""

    PLANNED = "planned", _("to be planned")
    PROPOSED = "proposed", _("proposed")
    PUBLISHED = "published", _("published")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")


class SessionState(models.TextChoices):
    """Whether a session takes place."""

    PUBLISHED = "published", _("published")
    CANCELLED = "cancelled", _("cancelled")


class RegistrationState(models.TextChoices):
    """The life of an asking."""

    INTEREST = "interest", _("interested")
    INTRODUCTION = "introduction", _("introductory talk")
    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("a seat is offered")
    PLACED = "placed", _("placed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    FINISHED = "finished", _("finished")
    STOPPED = "stopped", _("stopped")


class EnrolmentState(models.TextChoices):
    """The life of a seat."""

    HELD_BY_DRAFT = "held_by_draft", _("held by a draft")
    OFFERED = "offered", _("offered")
    ENROLLED = "enrolled", _("enrolled")
    WITHDRAWN = "withdrawn", _("withdrawn")
    COMPLETED = "completed", _("completed")
    STOPPED = "stopped", _("stopped")


class AssignmentState(models.TextChoices):
    """The life of asking a leader."""

    ASKED = "asked", _("asked")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class StandInState(models.TextChoices):
    """The life of asking a colleague to take over; `OVER` when it needs no answer."""

    ASKED = "asked", _("asked")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    OVER = "over", _("over")


class DeclineReason(models.TextChoices):
    """Why a leader says no; nothing about health."""

    TIME = "time", _("I cannot at that time")
    AWAY = "away", _("I am away on one of the dates")
    JOURNEY = "journey", _("It is too far for me")
    TOO_MUCH = "too_much", _("It is too much beside what I do")
    SUBJECT = "subject", _("I do not lead this subject")
    OTHER = "other", _("For another reason")


class TurnReason(models.TextChoices):
    """Why somebody's turn was changed by hand. Short, and never about health."""

    SITUATION = "situation", _("the situation of this person changed")
    MISTAKE = "mistake", _("a mistake is mended")
    ONLY_HERE = "only_here", _("this person can come to this group only")
    BEYOND_NORM = "beyond_norm", _("this person waits longer than the norm")
    EMPTY_SEAT = "empty_seat", _("a single seat would stay empty")
    IMPORTED = "imported", _("changed by an import or a program")


class AmendReason(models.TextChoices):
    """Why a coordinator changed or ended what somebody asks; never about health."""

    ASKED = "asked", _("this person asked for it")
    SITUATION = "situation", _("the situation of this person changed")
    MISTAKE = "mistake", _("a mistake is mended")
    ELSEWHERE = "elsewhere", _("this person found something elsewhere")
    DOUBLE = "double", _("the same was asked twice")
    NO_ANSWER = "no_answer", _("this person does not answer any more")
    MOVED = "moved", _("this person moved away")


class ToldBy(models.TextChoices):
    """How somebody told a helper what to write down."""

    PHONE = "phone", _("by telephone")
    IN_PERSON = "in_person", _("in person")
    WRITING = "writing", _("in writing")


class ToldAct(models.TextChoices):
    """What somebody can tell a helper about a seat, or about waiting."""

    ACCEPT = "accept", _("Yes, this person takes the place")
    REFUSE = "refuse", _("No, this person does not want the place")
    ABSENT = "absent", _("This person misses the dates that are ticked below")
    PAUSE = "pause", _("This person pauses")
    STOP = "stop", _("This person stops with this group")
    REJOIN = "rejoin", _("This person comes back from the pause")
    LEAVE = "leave", _("This person does not want to wait any more")


TO_CHANGE = (AmendReason.ASKED, AmendReason.SITUATION, AmendReason.MISTAKE)
"""Reasons to change a registration."""

TO_END = (
    AmendReason.ASKED,
    AmendReason.MOVED,
    AmendReason.ELSEWHERE,
    AmendReason.DOUBLE,
    AmendReason.NO_ANSWER,
)
"""Reasons to end one."""

RUNNING_STATES = (SeriesState.PUBLISHED, SeriesState.RUNNING)
"""States in which a series is in people's agendas."""

PLACEABLE = (SeriesState.PLANNED, SeriesState.PROPOSED, *RUNNING_STATES)
"""States in which a series can have people."""

ASKING_STATES = (
    RegistrationState.INTEREST,
    RegistrationState.INTRODUCTION,
    RegistrationState.WAITING,
    RegistrationState.OFFERED,
)
"""States in which somebody has no sure seat yet."""

OPEN_STATES = (
    RegistrationState.INTEREST,
    RegistrationState.INTRODUCTION,
    RegistrationState.WAITING,
    RegistrationState.OFFERED,
    RegistrationState.PLACED,
)
"""States in which the asking still matters to planning."""

SEAT_HOLDING = (
    EnrolmentState.HELD_BY_DRAFT,
    EnrolmentState.OFFERED,
    EnrolmentState.ENROLLED,
)
"""States in which a seat is taken."""
