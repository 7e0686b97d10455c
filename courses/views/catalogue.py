"""The offer, readable without an account: what there is, where, when, and for whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.actor import Actor
from courses import words
from courses.cards import Act, Card, Journey, Own, card
from courses.finding import Choice, Found, Limits, by_offering, find
from courses.forms import CatalogueFilter
from courses.kinds import LevelOfCare, WayIn
from courses.looks import Tile, tiles
from courses.models import Offering
from courses.near import USUAL_LIMIT, journey_from
from courses.open_data import offering_as_course
from courses.selectors import catalogue_offerings, open_series, registrations_of
from courses.selectors.offer_index import (
    catalogue_kinds,
    offered_languages,
    runs,
    shown_offerings,
    themes_by_offer,
)
from courses.selectors.queue import Queue
from courses.views.reader import HELPERS, own_states, resident_behind
from people.selectors import places

if TYPE_CHECKING:
    from courses.models import Theme
    from people.models import Place, Resident

PER_PAGE = 12
ON_WELCOME = 6
FEW_TILES = 11
"""Themes shown at once; with "show everything" they make six rows on a phone."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An offering in the list, with the group to tell about and how many there are."""

    offering: Offering
    best: Card | None
    groups: int
    towns: list[str]

    @property
    def places(self) -> str:
        """Where its groups meet, each town once."""
        return ", ".join(town or _("at home") for town in self.towns)


def near_home(
    resident: Resident | None, home: Place | None, all_places: Iterable[Place]
) -> Journey | None:
    """Minutes from the reader's home to every place; one query by car, else none."""
    if home is None:
        return None
    mode = {} if resident is None else {"mode": resident.travel_mode}
    return journey_from(home, to=all_places, **mode)


def limit_of(resident: Resident | None) -> int:
    """Minutes that are near for this reader."""
    return USUAL_LIMIT if resident is None else resident.travel_limit_minutes


def cards_of(
    found: Sequence[Found],
    waiting: Mapping[uuid.UUID, Queue],
    *,
    journey: Journey | None = None,
    own: Mapping[uuid.UUID, Own] | None = None,
) -> list[Card]:
    """The groups as cards, in the same order; three queries."""
    ids = [one.run.series_id for one in found]
    whole = {one.pk: one for one in open_series().filter(pk__in=ids)}
    return [
        card(
            whole[pk],
            queue=waiting[pk],
            own=(own or {}).get(pk, Own.NOTHING),
            journey=journey,
        )
        for pk in ids
        if pk in whole
    ]


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """ "What do you want help with?": themes, and groups near the reader."""
    resident = resident_behind(request)
    known = list(places())
    all_themes = themes_by_offer()
    own = _home_of(resident, known)
    asked = {"place": own.pk if own is not None else "", **request.GET.dict()}
    form = CatalogueFilter(asked, themes=all_themes, places=known)
    journey = near_home(resident, form.home, known)
    limits = form.limits(most_minutes=limit_of(resident))
    found, waiting = find(runs(), limits, journey=journey)
    first = [
        choice.groups[0]
        for choice in by_offering(
            one for one in found if one.act is not Act.LATER
        ).values()
    ]
    often, rare = _most_offered(all_themes)
    return render(
        request,
        "courses/welcome.html",
        {
            "tiles": often,
            "more_tiles": rare,
            "form": form,
            "home": form.home,
            "cards": cards_of(first[:ON_WELCOME], waiting, journey=journey),
            "is_resident": resident is not None,
        },
    )


def _most_offered(all_themes: Sequence[Theme]) -> tuple[list[Tile], list[Tile]]:
    """The themes with most groups, as many as a phone shows, and the others."""
    ranked = sorted(all_themes, key=lambda theme: -theme.groups)
    often = {theme.pk for theme in ranked[:FEW_TILES]}
    shown = tiles(all_themes)
    return (
        [tile for tile in shown if tile.number in often],
        [tile for tile in shown if tile.number not in often],
    )


def _home_of(resident: Resident | None, known: Iterable[Place]) -> Place | None:
    if resident is None:
        return None
    return {place.pk: place for place in known}.get(resident.person.place_id or 0)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All offerings, narrowed by what the reader chose."""
    resident = resident_behind(request)
    known = list(places())
    all_themes = themes_by_offer()
    form = CatalogueFilter(
        request.GET, themes=all_themes, places=known, languages=offered_languages()
    )
    journey = near_home(resident, form.home or _home_of(resident, known), known)
    limits = form.limits(most_minutes=limit_of(resident))
    found, waiting = find(runs(form.wanted), limits, journey=journey)
    choices = by_offering(found)
    order = list(choices)
    if not form.narrows_groups:
        order += [pk for pk in shown_offerings(form.wanted) if pk not in choices]
    page = Paginator(order, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "courses/catalogue.html",
        {
            "form": form,
            "page": page,
            "shown": _shown(page, choices, waiting, journey),
            "theme": _chosen_theme(form, all_themes),
            "number": len(order),
            "home": form.home,
        },
    )


def _chosen_theme(form: CatalogueFilter, all_themes: Iterable[Theme]) -> Tile | None:
    wanted = form.chosen.get("theme")
    return next((one for one in tiles(all_themes) if str(one.number) == wanted), None)


def _shown(
    page: Page[int],
    choices: dict[int, Choice],
    waiting: Mapping[uuid.UUID, Queue],
    journey: Journey | None,
) -> list[Shown]:
    """The offerings of a page, read whole."""
    ids = list(page.object_list)
    whole = catalogue_offerings().in_bulk(ids)
    here = [choices[pk] for pk in ids if pk in choices]
    told = cards_of([choice.groups[0] for choice in here], waiting, journey=journey)
    best = {one.offering.pk: one for one in told}
    return [
        Shown(
            offering=whole[pk],
            best=best.get(pk),
            groups=len(choices[pk].groups) if pk in choices else 0,
            towns=choices[pk].towns if pk in choices else [],
        )
        for pk in ids
        if pk in whole
    ]


@require_safe
def offering(request: HttpRequest, code: str) -> HttpResponse:
    """One offering: what it is, and its groups, a dozen at a time."""
    found = (
        catalogue_offerings().exclude(kind__in=catalogue_kinds()).filter(code=code)
    ).first()
    if found is None:
        raise Http404("no such offering")
    resident = resident_behind(request)
    own = {}
    home = None
    if resident is not None:
        actor = Actor.of(request.user)
        own = own_states(registrations_of(actor=actor, resident_id=resident.pk))
        home = resident.person.place
    journey = near_home(resident, home, places()) if home is not None else None
    ranked, waiting = find(runs(offering_ids=[found.pk]), Limits(), journey=journey)
    # What the reader has already is never on a second page.
    ranked.sort(key=lambda one: one.run.series_id not in own)
    page = Paginator(ranked, PER_PAGE).get_page(request.GET.get("page"))
    shown = cards_of(list(page.object_list), waiting, journey=journey, own=own)
    policy = found.policy
    return render(
        request,
        "courses/offering.html",
        {
            "offering": found,
            "policy": policy,
            "needs_referral": policy.way_in == WayIn.REFERRAL,
            "beside": policy.level_of_care == LevelOfCare.LIGHT,
            "ages": words.ages(found),
            "cards": shown,
            "page": page,
            "resident": resident,
            "helps": _helps(request),
            "open_data": offering_as_course(request, found, shown),
        },
    )


def _helps(request: HttpRequest) -> bool:
    """Whether the reader may ask for a place for somebody."""
    return request.user.is_authenticated and bool(request.user.roles & HELPERS)
