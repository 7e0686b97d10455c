"""A term: new series with their dates, and people who ask for one of several."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from scheduling.solver.generate.cluster import BREAK_WEEKS, Cluster
from scheduling.solver.generate.people import make_registration, ranked
from scheduling.solver.generate.region import Site, travel, window
from scheduling.solver.generate.subjects import (
    SELF_PACED_SERIES,
    SOCIAL,
    Subject,
    area,
    blank_series,
    half_days_for,
)
from scheduling.solver.problem import (
    DatePattern,
    Format,
    Person,
    Series,
    StaffNeed,
)

WEEKS = 16
SPRING_WEEK, SOUTHERN_SPRING_WEEK = 12, 11
FOUNDATION, FOLLOW_UP = 1, 2
"""Numbers of two subjects of which the second builds on the first."""

COMPLETED = "completed-a"
ONE_WISH = 0.12
"""Share of people who want one certain series and no other."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A new series as people see it: its subject and the sites it may be held at."""

    series: Series
    subject: Subject | None
    sites: tuple[Site, ...]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Meetings in weeks of the horizon; ``tail`` weeks more before the last one."""

    begin: int
    count: int
    every: int
    keeps_spring: bool
    tail: int

    def weeks(self, southern: bool) -> list[int]:
        skipped = set(BREAK_WEEKS)
        if self.keeps_spring:
            skipped.add(SOUTHERN_SPRING_WEEK if southern else SPRING_WEEK)
        weeks = [
            week for week in range(self.begin, WEEKS, self.every) if week not in skipped
        ][: self.count]
        last = weeks[-1] + self.tail
        if self.tail and last < WEEKS and last not in skipped:
            weeks[-1] = last
        return weeks


def make_offers(rng: Random, cluster: Cluster) -> list[Offer]:
    """New series of every subject, and the self-paced ones.

    One follow-up comes after a short series of the subject that it builds on.
    """
    offers: list[Offer] = []
    for subject in cluster.subjects:
        for number in range(subject.count):
            rhythm = _draw_rhythm(rng, subject)
            if number == 0 and subject.number == FOUNDATION:
                rhythm = Rhythm(0, 3, 1, True, 0)
            if number == 0 and subject.number == FOLLOW_UP:
                rhythm = Rhythm(7, 4, 1, True, 0)
            ident = f"{cluster.word}series-{len(offers) + 1:03}"
            offers.append(_make_offer(rng, cluster, ident, subject, rhythm))
    first = {offer.subject.number: offer for offer in reversed(offers) if offer.subject}
    cluster.series_order.append(
        (first[FOUNDATION].series.id, first[FOLLOW_UP].series.id)
    )
    for _ in range(SELF_PACED_SERIES):
        ident = f"{cluster.word}series-{len(offers) + 1:03}"
        coach = StaffNeed(frozenset({SOCIAL}), 1, frozenset({area(cluster.number)}))
        series = Series(
            ident,
            0,
            (),
            (),
            (coach,),
            1,
            rng.choice((8, 12, 15)),
            Format.SELF_PACED,
            coach_minutes_per_seat=15,
        )
        offers.append(Offer(series, None, ()))
    return offers


def _draw_rhythm(rng: Random, subject: Subject) -> Rhythm:
    every = 2 if subject.is_open and rng.random() < 0.3 else 1
    count = rng.randint(*subject.meetings) // every
    return Rhythm(
        rng.randint(0, 2),
        count,
        every,
        rng.random() < 0.5,
        rng.choice((2, 3)) if rng.random() < 0.15 else 0,
    )


def _make_offer(
    rng: Random, cluster: Cluster, ident: str, subject: Subject, rhythm: Rhythm
) -> Offer:
    series = blank_series(rng, ident, subject, cluster.number)
    half_days = half_days_for(rng, subject)
    sites = _draw_sites(rng, cluster, subject)
    if series.format is Format.ONLINE:
        sites = ()
    needed = frozenset({COMPLETED}) if subject.number == FOLLOW_UP else frozenset()
    series = replace(
        series,
        windows=tuple(window(item) for item in half_days),
        date_patterns=_patterns(rhythm, {day for day, _ in half_days}, sites),
        place_ids=frozenset(site.place.id for site in sites) if sites else None,
        prerequisites=needed,
    )
    return Offer(series, subject, sites)


def _patterns(
    rhythm: Rhythm, weekdays: set[int], sites: tuple[Site, ...]
) -> tuple[DatePattern, ...]:
    """A pattern for each weekday, two where the sites keep different holidays."""
    north = frozenset(site.place.id for site in sites if not site.is_southern)
    south = frozenset(site.place.id for site in sites if site.is_southern)
    found = []
    for weekday in sorted(weekdays):
        days = {
            southern: tuple(7 * week + weekday for week in rhythm.weeks(southern))
            for southern in (False, True)
        }
        if days[False] == days[True] or not (north and south):
            found.append(DatePattern(days[bool(south) and not north]))
        else:
            found.append(DatePattern(days[False], north))
            found.append(DatePattern(days[True], south))
    return tuple(found)


def _draw_sites(rng: Random, cluster: Cluster, subject: Subject) -> tuple[Site, ...]:
    """Sites round one of the kind that the subject is at home in."""
    own = cluster.own_sites
    wanted = 2 if subject.level == 2 else 1
    anchor = rng.choices(own, [3.0 if site.kind == wanted else 1.0 for site in own])[0]
    near = sorted(own, key=lambda site: (anchor.km(site), site.place.id))
    around = near[1:12]
    return (anchor, *rng.sample(around, min(len(around), rng.randint(3, 5))))


def add_registrations(
    rng: Random, cluster: Cluster, offers: list[Offer], share_second: float = 0.85
) -> None:
    """One registration for each asker: series of a subject, now and then of two.

    ``offers`` are those of this region and the regions beside it.
    """
    subjects = cluster.subjects
    weights = [subject.weight for subject in subjects]
    by_subject: dict[Subject | None, list[Offer]] = {}
    for offer in offers:
        by_subject.setdefault(offer.subject, []).append(offer)
    wanting: dict[Subject, list[str]] = {}
    for number, person in enumerate(cluster.askers, start=1):
        subject = rng.choices(subjects, weights)[0]
        chosen = _draw_choices(rng, cluster, person, by_subject[subject])
        if rng.random() < share_second:
            second = rng.choice([item for item in subjects if item is not subject])
            chosen += _draw_choices(rng, cluster, person, by_subject[second])[:4]
        if rng.random() < ONE_WISH:
            chosen = chosen[:1]
        elif rng.random() < 0.05:
            chosen.append(rng.choice(by_subject[None]).series.id)
        ident = f"{cluster.word}reg-{number:04}"
        cluster.registrations.append(
            make_registration(rng, ident, person, ranked(chosen), subject.level)
        )
        wanting.setdefault(subject, []).append(ident)
    add_pairs(rng, cluster, list(wanting.values()))


def _draw_choices(
    rng: Random, cluster: Cluster, person: Person, offers: list[Offer]
) -> list[str]:
    """Most series within reach and a few further ones, the nearest first."""
    home = cluster.site(person.home_place_id)
    limit = person.travel_limit_minutes or 60
    chosen: list[tuple[float, str]] = []
    for offer in offers:
        journey = min((travel(home, site) for site in offer.sites), default=0)
        own = offer.series.id.startswith(cluster.word)
        chance = 0.97 if journey <= limit else 0.2 if own else 0.0
        if not own and not offer.sites:
            chance = 0.1  # an online series of another region is little known
        if rng.random() < chance:
            chosen.append((journey + rng.uniform(0, 15), offer.series.id))
    if not chosen:
        offer = rng.choice(offers)
        chosen.append((0.0, offer.series.id))
    return [ident for _, ident in sorted(chosen)]


def add_pairs(rng: Random, cluster: Cluster, groups: list[list[str]]) -> None:
    """Pairs to keep apart and together, each of people who ask for the same."""
    person_of = {item.id: item.person_id for item in cluster.registrations}
    large = [group for group in groups if len(group) > 5]
    # Who meet in a group that goes on are not kept apart: its plan would break that.
    running = [frozenset(one.members) for one in cluster.series]
    for _ in range(cluster.habits.apart_pairs if large else 0):
        one, other = rng.sample(rng.choice(large), 2)
        pair = (person_of[one], person_of[other])
        if pair in cluster.keep_apart or pair[0] == pair[1]:
            continue
        if not any(together.issuperset(pair) for together in running):
            cluster.keep_apart.append(pair)
    paired: set[str] = set()
    for _ in range(cluster.habits.together_pairs if large else 0):
        one, other = rng.sample(rng.choice(large), 2)
        if not paired & {one, other}:
            paired |= {one, other}
            cluster.keep_together.append((one, other))
