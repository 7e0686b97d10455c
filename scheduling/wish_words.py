"""The planner's wishes in words, for a coordinator who reads what a plan costs.

A test holds that every wish of the planner has its words here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class WishWords:
    """A wish in words: ``tag`` of a few words, the wish as a sentence, what is counted.

    ``counted`` says what one point of its cost stands for.
    """

    tag: str | Promise
    wish: str | Promise
    counted: str | Promise


WISHES: dict[str, WishWords] = {
    "seat-every-registration": WishWords(
        _("a seat for everyone"),
        _("Everyone who asks gets a seat, the most urgent and longest waiting first."),
        _("How heavily the people without a seat weigh, by need and waiting time."),
    ),
    "hold-series": WishWords(
        _("groups go on"),
        _("A group that people belong to already is held."),
        _("How heavily the groups weigh that are not held."),
    ),
    "start-within-target": WishWords(
        _("start in time"),
        _("Nobody starts later than they should."),
        _("Five points for each week that somebody starts too late."),
    ),
    "prefer-light-care": WishWords(
        _("the lightest help that suits"),
        _("People get the lightest help that suits them."),
        _("Steps of help that are heavier than was needed."),
    ),
    "prefer-group-format": WishWords(
        _("groups before one-to-one"),
        _("People who would also take a group get a group."),
        _("People with one-to-one help who would also take a group."),
    ),
    "prefer-digital-format": WishWords(
        _("online for those who wish"),
        _("People who wish to take part online can do so."),
        _("People who have to come in person and would like to take part online."),
    ),
    "spare-professional-time": WishWords(
        _("professionals' time"),
        _("The hours of professionals help as many people as possible."),
        _("Meetings, and quarters of an hour of professionals."),
    ),
    "keep-published-placement": WishWords(
        _("what people were told"),
        _("What was published stays as it is as far as possible."),
        _("Points for each change: of time, room, leader or seat."),
    ),
    "keep-continuity": WishWords(
        _("the same day, room and leaders"),
        _("A group that goes on keeps its weekday, its room and its leaders."),
        _("Points for each change against the group as it was."),
    ),
    "longest-wait-first": WishWords(
        _("the longest wait first"),
        _("Of those who weigh the same, who waited longest for the norm is first."),
        _("Hundredths of the norm that people without a seat waited longer."),
    ),
    "ranked-choice": WishWords(
        _("first choice"),
        _("People get the group that they like best."),
        _("Steps below somebody's first choice."),
    ),
    "preferred-windows": WishWords(
        _("preferred part of the day"),
        _("People come at a part of the day that they like."),
        _("People who come at another part of the day than they like."),
    ),
    "own-district": WishWords(
        _("own municipality"),
        _("People are helped in their own municipality."),
        _("People who go to another municipality."),
    ),
    "short-travel": WishWords(
        _("short travel"),
        _("People do not have to travel far."),
        _("Five minutes of travel, one way, for one person."),
    ),
    "share-evenings": WishWords(
        _("evenings shared"),
        _("Evenings are shared fairly among leaders."),
        _("Evening groups that a leader has beside another one."),
    ),
    "room-fit": WishWords(
        _("a room that fits"),
        _("Groups are in the smallest and plainest room that will do."),
        _("Chairs that stay empty, and points for rooms that are scarce."),
    ),
    "fill-before-opening": WishWords(
        _("full groups first"),
        _("Groups that exist are filled before new ones start."),
        _("Two points for each new group, and one for each seat below half full."),
    ),
    "keep-seats-for-the-inflexible": WishWords(
        _("seats for those with no other choice"),
        _("People who can go elsewhere leave scarce seats to people who cannot."),
        _("People with another choice in a group that is the only one for somebody."),
    ),
}


def wish_words(wish: str) -> WishWords:
    """The words of a wish; one that is not known (any more) is named by its id."""
    return WISHES.get(wish) or WishWords(wish, wish, wish)
