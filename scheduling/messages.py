"""Rules, runs and refusals as sentences for a coordinator; nothing else says them.

A test holds that every rule of the planner has its words here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class RuleWords:
    """A rule in words: ``tag`` of a few words, why somebody has no seat, what broke."""

    tag: str | Promise
    why: str | Promise
    broken: str | Promise


RULES: dict[str, RuleWords] = {
    "room-conflict": RuleWords(
        _("room taken"),
        _("Every room that would do is taken by another group then."),
        _("Two groups use the same room at the same time."),
    ),
    "room-open": RuleWords(
        _("centre closed"),
        _("The centre is closed at the times that would do."),
        _("A group meets when the centre is closed."),
    ),
    "room-booking": RuleWords(
        _("room let to others"),
        _("Others have booked the rooms that would do."),
        _("A group meets in a room that others have booked."),
    ),
    "room-capacity": RuleWords(
        _("room too small"),
        _("No room has a chair for one more person."),
        _("A room has too few chairs for the group and its leaders."),
    ),
    "room-features": RuleWords(
        _("room lacks something"),
        _("No free room has what this person or this group needs, such as no steps."),
        _("A room lacks something that the group or someone in it needs."),
    ),
    "room-place": RuleWords(
        _("other centre"),
        _("The group may only meet in one centre, and there is no room there then."),
        _("A group meets in a centre where it may not be held."),
    ),
    "facilitator-conflict": RuleWords(
        _("leader busy"),
        _("The leaders lead another group then, or cannot be there in time."),
        _("A leader would be in two places at once, or has no time to travel."),
    ),
    "facilitator-availability": RuleWords(
        _("leader not available"),
        _("The leaders are not available on every date of the group."),
        _("A leader is planned at a time that does not suit, or is on leave."),
    ),
    "facilitator-qualification": RuleWords(
        _("certificate of leader"),
        _("There is no free leader with the certificate that the group asks for."),
        _("A leader lacks the certificate that the group asks for."),
    ),
    "staffing-mix": RuleWords(
        _("leaders together"),
        _("The right leaders together cannot be found for the group."),
        _("A group does not have the leaders that belong to it."),
    ),
    "facilitator-load": RuleWords(
        _("leader full"),
        _("The leaders who may do this have reached what they agreed to in a week."),
        _("A leader would do more than was agreed."),
    ),
    "leader-not-member": RuleWords(
        _("leads it"),
        _("This person leads the group, and so cannot take part in it."),
        _("Someone leads a group and takes part in it too."),
    ),
    "resident-conflict": RuleWords(
        _("elsewhere then"),
        _("This person is in another group then, or cannot be there in time."),
        _("Someone would be in two places at once, or has no time to travel."),
    ),
    "resident-availability": RuleWords(
        _("person not available"),
        _("This person cannot be there on every date of the group."),
        _("Someone in the group cannot be there on one of its dates."),
    ),
    "resident-travel": RuleWords(
        _("too far"),
        _("The group is further away than this person can travel."),
        _("Someone would travel longer than was said to be possible."),
    ),
    "resident-pace": RuleWords(
        _("enough for one week"),
        _(
            "With this group the day or the week would hold more than this person "
            "wants."
        ),
        _("Someone would have more meetings in a day or a week than wanted."),
    ),
    "resident-suitability": RuleWords(
        _("does not suit"),
        _(
            "The group does not suit this person: level of care, age, language or "
            "form, or it was not asked for."
        ),
        _("Someone has a seat in a group that does not suit."),
    ),
    "prerequisite": RuleWords(
        _("another course first"),
        _("Another course must be finished first."),
        _("Someone has a seat without having finished the course before it."),
    ),
    "keep-apart": RuleWords(
        _("keep apart"),
        _("Someone is in the group with whom this person must not meet."),
        _("Two people who must not meet are in one group."),
    ),
    "keep-together": RuleWords(
        _("keep together"),
        _("There is no seat for whoever this person wants to come with."),
        _("Two people who belong together do not have seats in the same group."),
    ),
    "one-seat-per-registration": RuleWords(
        _("seat elsewhere"),
        _("This person already has a seat, in this group or for this request."),
        _("One request has two seats, or a seat in a group that is not held."),
    ),
    "series-rhythm": RuleWords(
        _("no fixed hour"),
        _(
            "No weekday and hour suits the group on all its dates, in the same room "
            "and with the same leaders."
        ),
        _("A group does not keep its day, hour, room or leaders on all dates."),
    ),
    "group-size": RuleWords(
        _("group full or too small"),
        _("The group is full, or too few people asked for it to start."),
        _("A group has too many people, or too few to start."),
    ),
    "closed-group": RuleWords(
        _("group closed"),
        _("The group has begun and takes nobody new any more."),
        _("Someone new enters a group that is closed."),
    ),
    "series-order": RuleWords(
        _("order of courses"),
        _("The group has to wait until the one before it has ended."),
        _("A group starts before the one it builds on has ended."),
    ),
    "pinned-placement": RuleWords(
        _("pinned"),
        _("Something was pinned by a coordinator, and that leaves no seat."),
        _("Something is not as a coordinator pinned it."),
    ),
    "published-placement": RuleWords(
        _("published already"),
        _("What was published stays as it is, and that leaves no seat."),
        _("Something that was published would change, though it was not freed."),
    ),
}

TAKEN_OUT = "taken-out"
"""Kept in the place of a rule where somebody had a seat in a draft, and lost it
because what it was in was taken out before the release."""

GONE_BY = "gone-by"
"""Named as a rule where a draft would hold something at a moment that is over."""

LENT = "room-lent"
"""The rule of bookings, where a session is newly put in a room that others booked."""

OUT_OF_USE = "unknown-reference"
"""Named by the judge for a room or leader that is no longer in use."""

BESIDE_RULES: dict[str, RuleWords] = {
    LENT: RuleWords(
        _("room let to others"),
        _("Others have booked the rooms that would do."),
        _("A group would come in a room that others have booked. Choose another one."),
    ),
    OUT_OF_USE: RuleWords(
        _("no longer in use"),
        _("A room or a leader that was chosen is no longer in use."),
        _(
            "A group would have a room or a leader that is no longer in use. Choose "
            "another one first."
        ),
    ),
    GONE_BY: RuleWords(
        _("gone by"),
        _("The time of it has gone by."),
        _("A session would be at a time that has gone by. Move it, or take it out."),
    ),
    TAKEN_OUT: RuleWords(
        _("taken out by hand"),
        _(
            "There was a seat in the draft, but a coordinator took the group or the "
            "conversation out of it before publishing."
        ),
        _("Something was taken out of the draft by hand."),
    ),
}
"""What stands in the way though it is no rule of the planner."""

NOTHING_ASKED = _("There is no group, course or conversation now that was asked for.")
NOTHING_ASKED_TAG = _("nothing on offer")
NOT_FINISHED = _(
    "A seat may still be found: the plan was not worked out to the end. Make the plan "
    "again with more time."
)
NOT_FINISHED_TAG = _("not worked out to the end")

DOING: dict[str, str | Promise] = {
    "facts": _("The facts are being collected."),
    "greedy": _("A first plan is being made."),
    "start": _("What was planned before is being taken over."),
    "pins": _("It is checked whether what was pinned can all be so."),
    "modes": _("All places and times that are possible are being listed."),
    "prices": _("It is reckoned how good a plan could be at best."),
    "whole": _("The whole plan is being worked out at once."),
    "bound": _("It is being proven how good a plan could be at best."),
    "random": _("Some groups are being placed anew, to see if that seats more people."),
    "leaders": _("Groups with the same leaders are being placed anew."),
    "unopened": _("Groups that are not held are tried once more."),
    "waiting": _("Seats are looked for, for people who have none yet."),
    "place": _("Groups in the same place are being placed anew."),
    "people": _("Groups that the same people ask for are being placed anew."),
    "half-day": _("Groups on the same part of the day are being placed anew."),
    "reasons": _("For everybody without a seat it is worked out why."),
    "done": _("The plan is being written down."),
    "as-it-is": _("The plan as it is gets the same time, to compare fairly."),
    "lacks": _("One more room or leader is being tried, each in its turn."),
    "ways": _("The least change that mends the week is being looked for."),
}
DOING_OTHER = _("Better plans are being looked for.")

FAULTS: dict[str, str | Promise] = {
    "workers-died": _(
        "The program that makes plans stopped three times. Start again; if it happens "
        "again, ask the administrator to look at the worker."
    ),
    "no-plan": _(
        "No plan was found in the time given. Give it more time and start again."
    ),
    "facts-gone": _(
        "The facts of the plan that this begins from are no longer kept. Make that "
        "plan again."
    ),
    "error": _(
        "Something went wrong in the program. The administrator finds it in the log "
        "under the number of this run."
    ),
}

DOUBLE: dict[str, str | Promise] = {
    "courses_session_room_free": _("A room would be used twice at the same time."),
    "courses_session_leader_free": _("A leader would be in two places at once."),
    "courses_enrolment_seat_free": _("A group would have more people than seats."),
    "courses_session_number_once": _("A group would have the same session twice."),
}


def rule_words(rule: str) -> RuleWords:
    """The words of a rule; one that is not known (any more) is named by its id."""
    plain = _now("The rule %(rule)s stands in the way.") % {"rule": rule}
    known = RULES.get(rule) or BESIDE_RULES.get(rule)
    return known or RuleWords(rule, plain, plain)


def why_sentences(rules: Iterable[str]) -> list[str]:
    """Why the rules together leave no seat: one sentence for each rule."""
    return [str(rule_words(rule).why) for rule in rules]


GROUP: dict[str, str | Promise] = {
    "group-size": _("Too few people without a seat asked for it."),
    "resident-conflict": _("Who waits for it is in another group then."),
    "resident-availability": _("Who waits for it cannot come on every date."),
    "resident-travel": _("It is too far away for who waits for it."),
    "resident-pace": _("Who waits for it has enough in one week or day."),
    "resident-suitability": _("It does not suit who waits for it."),
    "prerequisite": _("Who waits for it must finish another course first."),
    "room-capacity": _("No room is large enough."),
    "room-features": _("No free room has what is needed."),
    "keep-apart": _("Among those who wait are people who must not meet."),
    "keep-together": _("Somebody wants to come together with another, who cannot."),
    "leader-not-member": _("Somebody who waits for it would lead it."),
    "pinned-placement": _("Something was pinned by a coordinator."),
    "one-seat-per-registration": _("Who waits for it has a seat in it already."),
}
"""Why a group is not held, where the words for one person would not do."""


def group_sentences(rules: Iterable[str]) -> list[str]:
    """Why a group is not held: one sentence for each rule that stands in the way."""
    return [str(GROUP.get(rule) or rule_words(rule).why) for rule in rules]


CHECKED: dict[str, str | Promise] = {
    "by_facts": _("This is so in every plan."),
    "plan_fixed": _("Checked with the plan as it is."),
    "part_freed": _(
        "Checked at all times, in all rooms and with all leaders that the rest of the "
        "plan leaves free."
    ),
}
"""What was held fixed when a reason was verified (``plan.Verified``)."""

PERHAPS_FEWER = _(
    "Perhaps not all of this stands in the way: time was up before that was known."
)
"""Of a reason that is not known to be irreducible."""


LEADERS_KNOW = frozenset(
    {
        "facilitator-availability",
        "facilitator-conflict",
        "facilitator-load",
        "facilitator-qualification",
        "staffing-mix",
        "room-conflict",
        "room-open",
        "room-booking",
        "room-place",
        "series-order",
        "pinned-placement",
        "published-placement",
    }
)


def leader_sentences(rules: Iterable[str]) -> list[str]:
    """Why a group is not held, for somebody who would lead it.

    Whatever it is about residents is one sentence: a leader need not know who waits,
    how many, or what keeps them.
    """
    rules = list(rules)
    told = [str(rule_words(rule).why) for rule in rules if rule in LEADERS_KNOW]
    if len(told) < len(rules):
        told.append(
            _now("It cannot be held now for those who ask, in a room that fits.")
        )
    return told


def doing_sentence(word: str) -> str:
    """What a run is trying, as a sentence."""
    return str(DOING.get(word, DOING_OTHER))


def double_sentence(constraint: str) -> str:
    """What the database refused."""
    words = DOUBLE.get(constraint)
    return str(words or _now("Something would be used twice at the same time."))


@dataclass(frozen=True)
class FaultWords:
    """Why a run failed: one sentence, and the things that are named with it."""

    sentence: str
    things: tuple[str, ...] = ()


def fault_words(fault: str, names: Mapping[str, str] | None = None) -> FaultWords:
    """What a failed run says. ``names``: words for the ids that a fault may name.

    A fault is one of the known words, a list of faults of the facts (a line each),
    or ids of pins that contradict each other (with commas between).
    """
    if fault in FAULTS:
        return FaultWords(str(FAULTS[fault]))
    lines = tuple(line for line in fault.split("\n") if line)
    if any(": " in line for line in lines):
        return FaultWords(
            _now(
                "The facts contradict each other, so there can be no plan. "
                "Mend these first:"
            ),
            lines,
        )
    known = names or {}
    pins = tuple(part.strip() for part in fault.split(",") if part.strip())
    return FaultWords(
        _now("These pins cannot all be so. Take one of them away and start again:"),
        tuple(known.get(pin, pin) for pin in pins),
    )
