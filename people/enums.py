"""The words of people and organisations that other apps may use too."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _


class Weekday(models.IntegerChoices):
    """ISO 8601 weekdays: Monday is 1."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class StaffRole(models.TextChoices):
    """The part a leader can play in the staff of a group."""

    EXPERT_BY_EXPERIENCE = "expert_by_experience", _("expert by experience")
    SOCIAL_WORKER = "social_worker", _("social worker")
    GGZ_PROFESSIONAL = "ggz_professional", _("mental-health professional")
    PRACTITIONER = "practitioner", _("practitioner")
    TRAINER = "trainer", _("trainer")
    HOST = "host", _("host")
    COACH = "coach", _("e-health coach")


class OrganisationKind(models.TextChoices):
    """What an organisation is; it says nothing about anyone's health."""

    GGZ = "ggz", _("mental health care")
    WELFARE = "welfare", _("welfare organisation")
    SELF_DIRECTION_CENTRE = "self-direction-centre", _("self-direction centre")
    MUNICIPALITY = "municipality", _("municipality")
    VILLAGE_HALL = "village-hall", _("village hall")
    NEIGHBOURHOOD_CENTRE = "neighbourhood-centre", _("neighbourhood centre")
    PRIMARY_CARE = "primary-care", _("primary care")
    SCHOOL = "school", _("school")
    OTHER = "other", _("other")


class FormOfAddress(models.TextChoices):
    """How an organisation speaks to people in Dutch."""

    JE = "je", _("informal (je)")
    U = "u", _("formal (u)")


class SchoolRegion(models.TextChoices):
    """The three Dutch school-holiday regions, named as the `holidays` package does."""

    NOORD = "Noord", _("North")
    MIDDEN = "Midden", _("Central")
    ZUID = "Zuid", _("South")


class ContactChannel(models.TextChoices):
    """How someone wants to be reached."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    PHONE = "phone", _("telephone")
    POST = "post", _("post")
    NONE = "none", _("not at all")


class Language(models.TextChoices):
    """Languages spoken in groups here (ISO 639-1)."""

    DUTCH = "nl", _("Dutch")
    ENGLISH = "en", _("English")
    ARABIC = "ar", _("Arabic")
    TURKISH = "tr", _("Turkish")
    POLISH = "pl", _("Polish")
    UKRAINIAN = "uk", _("Ukrainian")
    GERMAN = "de", _("German")
    SIGN = "nd", _("Dutch Sign Language")


class FormatWish(models.TextChoices):
    """A form of taking part someone is willing to use."""

    IN_PERSON = "in_person", _("on site")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("partly online")
    DIGITAL = "digital", _("a digital module")


class HalfDay(models.TextChoices):
    """The three parts of a day in which rooms are let."""

    MORNING = "morning", _("morning")
    AFTERNOON = "afternoon", _("afternoon")
    EVENING = "evening", _("evening")

    @classmethod
    def at(cls, start: time) -> HalfDay:
        """The part of the day in which something starts (to 12.30, to 17.30)."""
        if start < time(12, 30):
            return cls.MORNING
        return cls.AFTERNOON if start < time(17, 30) else cls.EVENING

    @property
    def hours(self) -> tuple[time, time]:
        """From when to when it lasts; the three touch and do not overlap."""
        return {
            HalfDay.MORNING: (time(8), time(12, 30)),
            HalfDay.AFTERNOON: (time(12, 30), time(17, 30)),
            HalfDay.EVENING: (time(17, 30), time(22)),
        }[self]


class HalfDayAnswer(models.TextChoices):
    """What a facilitator says of a part of the week."""

    YES = "yes", _("I can")
    ASK = "ask", _("ask me first")
    NO = "no", _("no")


class NoReason(models.TextChoices):
    """Why a part of the week is out of the question; nothing about health."""

    WORK = "work", _("I work then")
    CARE = "care", _("I take care of someone then")
    STUDY = "study", _("I study then")
    ELSEWHERE = "elsewhere", _("I have something fixed then")
    JOURNEY = "journey", _("I cannot get there or home then")
    OWN_TIME = "own_time", _("I keep this time free")


class AccessNeed(models.TextChoices):
    """What a person needs of a room; the codes are those of rooms.RoomFeature."""

    STEP_FREE = "step-free", _("no steps")
    ACCESSIBLE_TOILET = "accessible-toilet", _("accessible toilet")
    LIFT = "lift", _("lift")
    HEARING_LOOP = "hearing-loop", _("hearing loop")
    QUIET = "quiet", _("quiet room")


class TravelMode(models.TextChoices):
    """How someone travels; the speeds are settings of the region."""

    WALK = "walk", _("on foot")
    BICYCLE = "bicycle", _("bicycle")
    PUBLIC_TRANSPORT = "public_transport", _("public transport")
    CAR = "car", _("car")


class PairKind(models.TextChoices):
    """Whether two persons must not, or must, be in the same group."""

    APART = "apart", _("keep apart")
    TOGETHER = "together", _("keep together")


class ErasureState(models.TextChoices):
    """The life of a request for erasure."""

    ASKED = "asked", _("asked")
    WITHDRAWN = "withdrawn", _("taken back")
    DONE = "done", _("carried out")


class HoldReason(models.TextChoices):
    """Why an erasure waits (GDPR, article 17(3)); nothing about health."""

    LEGAL_CLAIM = "legal_claim", _("The data are needed in a case before a court.")
    COMPLAINT = "complaint", _("A complaint is being looked into.")
    LAW = "law", _("A law says that these data must be kept longer.")
    IDENTITY = "identity", _("We are not sure yet that it was you who asked.")


class Register(models.TextChoices):
    """Where a referrer is known to be one."""

    AGB = "agb", _("AGB register of care providers")
    BIG = "big", _("BIG register of professions in care")
    SKJ = "skj", _("SKJ register of youth professionals")
    REGISTERPLEIN = "registerplein", _("Registerplein, for social work")
    ORGANISATION = "organisation", _("no register: known to the organisation")

    @property
    def digits(self) -> tuple[int, int]:
        """How many digits a number has there, at least and at most; (0, 0) for none."""
        return {
            Register.AGB: (8, 8),
            Register.BIG: (11, 11),
            Register.SKJ: (9, 9),
            Register.REGISTERPLEIN: (4, 12),
            Register.ORGANISATION: (0, 0),
        }[self]


class CheckedHow(models.TextChoices):
    """How somebody made sure that a referrer is who he says he is."""

    LOOKED_UP = "looked_up", _("looked up in the register, name and practice fit")
    CALLED_BACK = "called_back", _("called back on the number of the practice")
    TOLD = "told", _("told by the management of the organisation")


class Role(models.TextChoices):
    """What an account may do; held per organisation, or for the whole region."""

    COORDINATOR = "coordinator", _("coordinator")
    FACILITATOR = "facilitator", _("facilitator")
    RESIDENT = "resident", _("resident")
    REFERRER = "referrer", _("referrer")
    CLIENT_SUPPORTER = "client_supporter", _("client supporter")
    CENTRE_MANAGER = "centre_manager", _("centre manager")
    PRIVACY_OFFICER = "privacy_officer", _("privacy officer")
    FUNCTIONAL_ADMINISTRATOR = "functional_administrator", _("functional administrator")


STAFF_ROLES = frozenset(set(Role) - {Role.RESIDENT})
"""Roles that reach other people's data, and so need a second factor."""
