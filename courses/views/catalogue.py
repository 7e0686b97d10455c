"""The offer, readable without an account: what there is, where, when, and for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.actor import Actor
from courses import words
from courses.cards import Act, Card, Journey, cards
from courses.forms import CatalogueFilter
from courses.kinds import WayIn, kinds_where
from courses.looks import Tile, tiles
from courses.models import Offering, Series
from courses.near import USUAL_LIMIT, journey_from
from courses.selectors import (
    catalogue_offerings,
    open_series,
    registrations_of,
    themes,
)
from courses.selectors.queue import queues
from courses.views.reader import own_states, resident_behind
from people.selectors import places

if TYPE_CHECKING:
    from people.models import Place, Resident

PER_PAGE = 12
ON_WELCOME = 6
FEW_TILES = 11
"""Themes shown at once; with "show everything" they make six rows on a phone."""
FAR = 10_000
ORDER = {Act.JOIN: 0, Act.WALK_IN: 0, Act.WAIT: 1, Act.REFERRAL: 2, Act.LATER: 3}
"""What one can do at once comes first."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An offering in the list, with its groups, best one first."""

    offering: Offering
    cards: list[Card]

    @property
    def best(self) -> Card | None:
        """The group to tell about: one with a place, near, soon."""
        return self.cards[0] if self.cards else None

    @property
    def places(self) -> str:
        """Where its groups meet, each town once."""
        rooms = [card.series.room for card in self.cards]
        towns = {room.centre.place.name for room in rooms if room is not None}
        if any(room is None for room in rooms):
            towns.add(_("at home"))
        return ", ".join(sorted(towns))


def _groups(
    *, resident: Resident | None, home: Place | None, all_places: Iterable[Place]
) -> list[Card]:
    """Every group in the catalogue, best first; three queries, four by car."""
    series = list(
        open_series()
        .filter(offering__in_catalogue=True)
        .exclude(offering__kind__in=kinds_where(way_in=WayIn.HELPER))
    )
    found = cards(
        series,
        queues=queues(series_ids=[one.pk for one in series]),
        journey=_journey(resident, home, all_places),
    )
    return sorted(found, key=_best_first)


def _journey(
    resident: Resident | None, home: Place | None, all_places: Iterable[Place]
) -> Journey | None:
    if home is None:
        return None
    mode = {} if resident is None else {"mode": resident.travel_mode}
    return journey_from(home, to=all_places, **mode)


def _best_first(card: Card) -> tuple[Any, ...]:
    minutes = FAR if card.minutes is None else card.minutes
    first = card.series.coming_sessions[:1]
    return (
        ORDER[card.act],
        minutes,
        first[0].period.lower.timestamp() if first else inf,
        str(card.series.pk),
    )


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """ "What do you want help with?": themes, and groups near the reader."""
    resident = resident_behind(request)
    known = list(places())
    all_themes = list(themes())
    own = _home_of(resident, known)
    asked = {"place": own.pk if own is not None else "", **request.GET.dict()}
    form = CatalogueFilter(asked, themes=all_themes, places=known)
    home = form.home
    limit = USUAL_LIMIT if resident is None else resident.travel_limit_minutes
    groups = _groups(resident=resident, home=home, all_places=known)
    found = [
        card
        for card in groups
        if card.act is not Act.LATER and form.shows(card, limit=limit)
    ]
    often, rare = _most_offered(tiles(all_themes), groups)
    return render(
        request,
        "courses/welcome.html",
        {
            "tiles": often,
            "more_tiles": rare,
            "form": form,
            "home": home,
            "cards": _each_offering_once(found)[:ON_WELCOME],
            "is_resident": resident is not None,
        },
    )


def _most_offered(
    all_tiles: list[Tile], groups: Iterable[Card]
) -> tuple[list[Tile], list[Tile]]:
    """The themes with most groups, as many as a phone shows, and the others."""
    groups_of = Counter(
        theme.code for card in groups for theme in card.offering.themes.all()
    )
    ranked = sorted(all_tiles, key=lambda tile: -groups_of[tile.code])
    often = {tile.code for tile in ranked[:FEW_TILES]}
    return (
        [tile for tile in all_tiles if tile.code in often],
        [tile for tile in all_tiles if tile.code not in often],
    )


def _home_of(resident: Resident | None, known: Iterable[Place]) -> Place | None:
    if resident is None:
        return None
    return {place.pk: place for place in known}.get(resident.person.place_id or 0)


def _each_offering_once(found: Iterable[Card]) -> list[Card]:
    first: dict[int, Card] = {}
    for card in found:
        first.setdefault(card.offering.pk, card)
    return list(first.values())


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All offerings, narrowed by what the reader chose."""
    resident = resident_behind(request)
    known = list(places())
    all_themes = list(themes())
    form = CatalogueFilter(request.GET, themes=all_themes, places=known)
    home = form.home or _home_of(resident, known)
    shown = _shown(form, resident, home, known)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "courses/catalogue.html",
        {
            "form": form,
            "page": page,
            "theme": _chosen_theme(form, all_themes),
            "number": len(shown),
            "home": home,
        },
    )


def _chosen_theme(form: CatalogueFilter, all_themes: Iterable[Any]) -> Tile | None:
    wanted = form.chosen.get("theme")
    return next((tile for tile in tiles(all_themes) if tile.code == wanted), None)


def _shown(
    form: CatalogueFilter,
    resident: Resident | None,
    home: Place | None,
    known: list[Place],
) -> list[Shown]:
    chosen = form.chosen
    limit = USUAL_LIMIT if resident is None else resident.travel_limit_minutes
    by_offering: dict[int, list[Card]] = {}
    for card in _groups(resident=resident, home=home, all_places=known):
        if form.shows(card, limit=limit):
            by_offering.setdefault(card.offering.pk, []).append(card)
    found = [
        Shown(offering=offering, cards=by_offering.get(offering.pk, []))
        for offering in _offerings(theme=chosen.get("theme", ""))
        if offering.pk in by_offering or not form.narrows_groups
        if chosen.get("kind") in (None, offering.kind)
    ]
    # Stable: within each of the two the order of the best groups, then of titles.
    order = {pk: number for number, pk in enumerate(by_offering)}
    return sorted(found, key=lambda one: order.get(one.offering.pk, len(order)))


def _offerings(*, theme: str = "") -> Any:
    return catalogue_offerings(theme=theme).exclude(
        kind__in=kinds_where(way_in=WayIn.HELPER)
    )


@require_safe
def offering(request: HttpRequest, code: str) -> HttpResponse:
    """One offering: what it is, and each of its groups."""
    found = _offerings().filter(code=code).first()
    if found is None:
        raise Http404("no such offering")
    resident = resident_behind(request)
    own = {}
    home = None
    if resident is not None:
        actor = Actor.of(request.user)
        own = own_states(registrations_of(actor=actor, resident_id=resident.pk))
        home = resident.person.place
    series = list(open_series(offering_id=found.pk))
    shown = cards(
        series,
        queues=queues(series_ids=[one.pk for one in series]),
        own=own,
        journey=_journey(resident, home, _towns(series)),
    )
    return render(
        request,
        "courses/offering.html",
        {
            "offering": found,
            "policy": found.policy,
            "needs_referral": found.policy.way_in == WayIn.REFERRAL,
            "ages": words.ages(found),
            "cards": sorted(shown, key=_best_first),
            "resident": resident,
        },
    )


def _towns(series: Iterable[Series]) -> list[Place]:
    rooms = [one.room for one in series]
    return [room.centre.place for room in rooms if room is not None]
