"""What surrounds a seat: a date that someone misses, and a link sent by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Absence(models.Model):
    """Somebody said beforehand not to come to one session. Why is not asked."""

    enrolment = models.ForeignKey(
        "courses.Enrolment",
        models.CASCADE,
        related_name="absences",
        verbose_name=_("enrolment"),
    )
    session = models.ForeignKey(
        "courses.Session",
        models.CASCADE,
        related_name="absences",
        verbose_name=_("session"),
    )
    said_at = models.DateTimeField(_("said at"), default=timezone.now)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("said by"),
    )

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "session"],
                name="courses_absence_once",
                violation_error_message=_("This absence was already said."),
            ),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"


class LinkPurpose(models.TextChoices):
    """What a link by mail is for."""

    JOIN = "join", _("to take part")
    SIGN_IN = "sign_in", _("to sign in")
    ADDRESS = "address", _("to prove a new address")


class MailLink(models.Model):
    """A link that works once, until a time; its secret is kept only as a hash.

    Who joins without an account wrote a name and an address; nothing else is made
    until the link is used, so that nobody is enrolled with another's address.
    """

    purpose = models.CharField(_("purpose"), max_length=10, choices=LinkPurpose)
    secret_hash = models.CharField(_("hash of the secret"), max_length=64, unique=True)
    address = models.EmailField(_("e-mail address"))
    call_name = models.CharField(_("name to be called by"), max_length=60, blank=True)
    series = models.ForeignKey(
        "courses.Series",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("series"),
    )
    offering = models.ForeignKey(
        "courses.Offering",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("offering"),
    )
    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
        help_text=_("Whose new address it is."),
    )
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    asked_by = models.CharField(
        _("asked by"),
        max_length=64,
        blank=True,
        help_text=_("A keyed hash of the network address, for the limit of an hour."),
    )
    language = models.CharField(_("language"), max_length=2, default="nl")
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("link by mail")
        verbose_name_plural = _("links by mail")
        ordering = ["-made_at", "pk"]
        indexes = [
            models.Index(fields=["address", "made_at"], name="courses_link_address"),
            models.Index(fields=["asked_by", "made_at"], name="courses_link_asked_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="sign_in", series=None, offering=None, person=None)
                | Q(purpose="join", series__isnull=False, offering=None, person=None)
                | Q(purpose="join", series=None, offering__isnull=False, person=None)
                | Q(
                    purpose="address", series=None, offering=None, person__isnull=False
                ),
                name="courses_link_one_thing",
                violation_error_message=_(
                    "A link is to sign in, to join one group or offering, or to prove "
                    "an address."
                ),
            ),
            models.CheckConstraint(
                condition=Q(seats__range=(1, 2)),
                name="courses_link_seats",
                violation_error_message=_(
                    "An enrolment is for one seat, or two with a companion."
                ),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")),
                name="courses_link_lapses",
                violation_error_message=_("A link works for some time and then not."),
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"
