"""What each check before planning found, and what to do, in whole sentences.

A sentence may name the first thing (`%(it)s`), the second (`%(other)s`) and the
numbers of the finding; the checks themselves are `scheduling.solver.doctor`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

Words = str | Promise


@dataclass(frozen=True)
class CheckWords:
    """What is the matter, and what would be right."""

    wrong: Words
    right: Words


CHECK_WORDS: dict[str, CheckWords] = {
    # Series: who could lead them, where and when, and for whom.
    "series-without-leader": CheckWords(
        ngettext_lazy(
            "%(it)s needs %(needed)s leader of a kind of which there are too few.",
            "%(it)s needs %(needed)s leaders of a kind of which there are too few.",
            "needed",
        ),
        _("Ask who else may lead it, or change what staff it needs."),
    ),
    "series-leaders-never-free": CheckWords(
        ngettext_lazy(
            "Who may lead %(it)s is never free in its hours.",
            "The %(able)s people who may lead %(it)s are never free together in its "
            "hours.",
            "able",
        ),
        _("Widen its hours, or ask leaders for other hours."),
    ),
    "series-too-few-organisations": CheckWords(
        _(
            "%(it)s needs leaders of %(needed)s organisations; those who may work for "
            "%(organisations)s."
        ),
        _("Ask a leader of another organisation."),
    ),
    "series-without-room": CheckWords(
        ngettext_lazy(
            "No room has %(chairs)s chair and all that %(it)s needs, where it may be.",
            "No room has %(chairs)s chairs and all that %(it)s needs, where it may be.",
            "chairs",
        ),
        _("Ask less of the room, or let it be held in more places."),
    ),
    "series-rooms-never-open": CheckWords(
        ngettext_lazy(
            "The only room that would do for %(it)s is never open in its hours.",
            "The %(rooms)s rooms that would do for %(it)s are never open in its hours.",
            "rooms",
        ),
        _("Widen its hours, or ask a centre to open longer."),
    ),
    "series-without-window": CheckWords(
        _("%(it)s takes %(minutes)s minutes and fits in none of its hours."),
        _("Make its hours longer, or the meetings shorter."),
    ),
    "series-order-cannot-fit": CheckWords(
        _(
            "%(it)s must come after %(other)s, and can only begin before that one is "
            "over."
        ),
        _("Let it begin later, or take the order away."),
    ),
    "series-too-few-interested": CheckWords(
        ngettext_lazy(
            "%(interested)s person could take part in %(it)s; it needs %(minimum)s to "
            "open.",
            "%(interested)s people could take part in %(it)s; it needs %(minimum)s to "
            "open.",
            "interested",
        ),
        _("Tell more people about it, or lower its minimum."),
    ),
    "series-group-below-minimum": CheckWords(
        ngettext_lazy(
            "%(it)s has %(members)s member left of at least %(minimum)s.",
            "%(it)s has %(members)s members left of at least %(minimum)s.",
            "members",
        ),
        _("Decide whether it goes on, joins another group or stops."),
    ),
    "series-nobody-asks": CheckWords(
        _("Nobody asks for %(it)s."), _("Leave it for another term, or tell about it.")
    ),
    "series-one-leader": CheckWords(
        _("%(it)s depends on %(other)s: nobody else may lead it."),
        _("Ask who could stand in."),
    ),
    # Rooms and leaders.
    "room-without-opening": CheckWords(
        _("%(it)s has no opening hours in these weeks."),
        _("Write the opening hours of the centre."),
    ),
    "room-fully-booked": CheckWords(
        _("%(it)s is booked by others whenever it is open."),
        _("Ask the centre for other hours."),
    ),
    "room-never-suits": CheckWords(
        _("%(it)s, for %(capacity)s people, suits no group."),
        _("Look whether its size and what it has are written down right."),
    ),
    "facilitator-without-role": CheckWords(
        _("%(it)s has no role, so can lead nothing."), _("Give the role.")
    ),
    "facilitator-without-availability": CheckWords(
        _("%(it)s is never free in these weeks."),
        _("Ask for hours, or look at the leave."),
    ),
    "facilitator-load-too-small": CheckWords(
        _("%(it)s may do less than one meeting of anything that fits."),
        _("Look at the limits that were agreed."),
    ),
    "facilitator-shift-too-short": CheckWords(
        _("%(it)s is free, but never for %(shortest)s minutes, the shortest meeting."),
        _("Ask for longer hours."),
    ),
    "facilitator-not-needed": CheckWords(
        _("No group asks for a role or training that %(it)s has."),
        _("Look whether roles and trainings are written down right."),
    ),
    "facilitator-twice": CheckWords(
        _("%(it)s and %(other)s are the same person, whose work is counted twice."),
        _("Keep one of the two."),
    ),
    # Registrations and residents.
    "registration-without-choices": CheckWords(
        _("%(it)s asks for nothing that is planned."),
        _("Add a choice, or say that it must wait."),
    ),
    "registration-level-not-allowed": CheckWords(
        _("%(it)s asks for help that was not allowed for it."),
        _("Look at what help is allowed, or at the choices."),
    ),
    "registration-choices-taken": CheckWords(
        _("Everything that %(it)s asks for is full or closed."),
        _("Add a choice, or open a new group."),
    ),
    "registration-choices-unsuitable": CheckWords(
        _(
            "Nothing that %(it)s asks for suits: language, age, form, needs, or what "
            "comes first."
        ),
        _("Look for another choice together with the resident."),
    ),
    "registration-nothing-fits": CheckWords(
        _("Nothing that %(it)s asks for is possible, each for another reason."),
        _("Look for another choice together with the resident."),
    ),
    "registration-already-member": CheckWords(
        _("%(it)s asks for %(other)s, of which the resident is a member already."),
        _("Close the registration, or change the choice."),
    ),
    "registration-never-free": CheckWords(
        _(
            "The resident of %(it)s is never free when something that suits could be "
            "held."
        ),
        _("Ask for other hours, or for another choice."),
    ),
    "registration-too-far": CheckWords(
        _(
            "All that suits %(it)s is %(nearest)s minutes away or more; at most "
            "%(limit)s is right."
        ),
        _("Ask whether a longer journey is possible, or offer something online."),
    ),
    "registration-target-out-of-reach": CheckWords(
        ngettext_lazy(
            "Nothing for %(it)s begins in time: %(late_days)s day late at best.",
            "Nothing for %(it)s begins in time: %(late_days)s days late at best.",
            "late_days",
        ),
        _("Plan an earlier group, or tell the resident."),
    ),
    "person-without-availability": CheckWords(
        _("%(it)s asks for a seat and is never free in these weeks."),
        _("Ask for the hours."),
    ),
    "person-needs-no-room-has": CheckWords(
        _("No room has what %(it)s needs."), _("Ask the centres who can arrange it.")
    ),
    "person-over-pace": CheckWords(
        _(
            "%(it)s is in %(meetings)s meetings in one week; %(pace)s is the most that"
            " was asked."
        ),
        _("Ask whether that is too much, and change the pace or a seat."),
    ),
    "together-without-common-choice": CheckWords(
        _("%(it)s and %(other)s must be together and can join nothing together."),
        _("Give both the same choice, or take the wish away."),
    ),
    "together-and-apart": CheckWords(
        _("%(it)s and %(other)s must be together and apart: neither can get a seat."),
        _("Take one of the two away."),
    ),
    "apart-but-in-one-group": CheckWords(
        _("Two people who must be apart are both in %(it)s."),
        _("Move one of them, or take the pair away."),
    ),
    # Supply and demand, and what was published.
    "seats-short": CheckWords(
        _("People ask for %(wanted)s seats, and %(free)s are free."),
        _("Some will wait. Open more groups if there are leaders and rooms."),
    ),
    "role-short": CheckWords(
        _("Groups ask %(wanted)s hours of %(it)s, and there are %(available)s."),
        _("Ask more leaders of this role."),
    ),
    "district-without-offer": CheckWords(
        _("%(people)s people in %(it)s ask for what can be held only elsewhere."),
        _("Ask for a room near them."),
    ),
    "published-room-closed": CheckWords(
        _("A published meeting of %(it)s is in a room that is closed or taken then."),
        _("Make a new plan for this week: the meeting is moved."),
    ),
    "published-leader-away": CheckWords(
        _("A published meeting of %(it)s has a leader who is away then: %(other)s."),
        _("Make a new plan for this week: another leader is found, or the time moves."),
    ),
    "published-member-away": CheckWords(
        _("Somebody in %(it)s cannot come at one of its times."),
        _("Ask whether that is still so."),
    ),
    "published-room-too-small": CheckWords(
        _("A published meeting of %(it)s has more people than the room has chairs."),
        _("Make a new plan for this week: a larger room is found."),
    ),
}


def check_sentence(check: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """What is the matter and what would be right, for a check and its facts."""
    words = CHECK_WORDS[check]
    return words.wrong % facts, str(words.right)
