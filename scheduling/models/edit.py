"""What a coordinator changed in a draft by hand: who, when, what, and the way back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EditKind(models.TextChoices):
    """What somebody did."""

    MOVE = "move", _("moved")
    LEADERS = "leaders", _("other leaders")
    SWAP = "swap", _("swapped leaders")
    CANCEL = "cancel", _("not held")
    MERGE = "merge", _("merged with another group")
    SPLIT = "split", _("split in two")
    ONLINE = "online", _("goes on online")
    END = "end", _("group stopped")


class EditState(models.TextChoices):
    """Whether a change stands. One that was undone can be done again, until another
    change is made instead."""

    DONE = "done", _("done")
    UNDONE = "undone", _("undone")
    DISCARDED = "discarded", _("undone for good")


class ScheduleEdit(models.Model):
    """One change to the sessions of a draft.

    ``before`` and ``after``: for each session that it changes {"session": uuid,
    "series": uuid, "number": n, "start": ISO 8601, "end": ISO 8601, "room": key or
    null, "online": bool, "leaders": [keys]}; a session that is not held is left out.
    ``number`` counts the changes of a schedule; ``version`` is the one that the
    schedule got when this was made, undone or done again last. ``series`` is the group
    that as a whole stops, goes on online, or is made new by the change; also after this
    schedule.
    """

    schedule = models.ForeignKey(
        "scheduling.Schedule",
        models.CASCADE,
        related_name="edits",
        verbose_name=_("schedule"),
    )
    number = models.PositiveIntegerField(_("number"))
    version = models.PositiveIntegerField(_("version"), default=0)
    kind = models.CharField(_("kind"), max_length=8, choices=EditKind)
    state = models.CharField(
        _("state"), max_length=10, choices=EditState, default=EditState.DONE
    )
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    series = models.ForeignKey(
        "courses.Series",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("series"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone or done again by"),
    )
    changed_at = models.DateTimeField(
        _("undone or done again at"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("change by hand")
        verbose_name_plural = _("changes by hand")
        ordering = ["schedule", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "number"],
                name="scheduling_edit_number_once",
                violation_error_message=_("This draft already has that change."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=EditKind.values, state__in=EditState.values),
                name="scheduling_edit_known",
                violation_error_message=_("Choose a kind and a state from the lists."),
            ),
        ]

    def __str__(self) -> str:
        return f"change {self.pk}"


class ScheduleTransfer(models.Model):
    """Somebody who goes from one group to another when a draft is released.

    The seat stays where it is until then: nobody is without one. It counts while its
    change stands, so that undoing the change undoes it.
    """

    edit = models.ForeignKey(
        ScheduleEdit,
        models.CASCADE,
        related_name="transfers",
        verbose_name=_("change"),
    )
    enrolment = models.ForeignKey(
        "courses.Enrolment",
        models.CASCADE,
        related_name="+",
        verbose_name=_("enrolment"),
    )
    series = models.ForeignKey(
        "courses.Series",
        models.CASCADE,
        related_name="+",
        verbose_name=_("series to go to"),
    )

    class Meta:
        verbose_name = _("change of group")
        verbose_name_plural = _("changes of group")
        ordering = ["edit", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edit", "enrolment"],
                name="scheduling_transfer_once",
                violation_error_message=_("This person already changes groups."),
            ),
        ]

    def __str__(self) -> str:
        return f"change of group {self.pk}"
