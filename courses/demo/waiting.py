"""People who wait: what they ask, since when, and what would do for them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from courses.demo.data import Line, draws
from courses.demo.members import Population, Resident, fits
from courses.demo.offer import Offering
from courses.demo.term import CONVERSATION, CONVERSATIONS

WAITING = 400
CLASSES = (1, 2, 3, 4, 5)
CLASS_WEIGHTS = (5, 18, 45, 22, 10)
APART, TOGETHER = 12, 5
CARE_SHARE = 0.24
"""Share of those waiting who were referred to treatment."""
SEEKS_NEW_TERM = 0.25
"""Share of those who name one certain new series first."""
THEME_ONLY = 0.08
FINISHED_SHARE = 0.85
ALSO_MEMBER = 0.06
"""Share of those waiting who are in another group already."""
ONE_TO_ONE, ONE_TO_ONE_SHARE = "een-op-een", 0.12
REASONS = (
    "own-wish",
    "group-does-not-fit-now",
    "group-does-not-fit-now",
    "language",
    "access",
    "after-group",
)
REFERRERS = (
    "brinkpoort",
    "brinkpoort",
    "de-hagenpoort",
    "salland-artsen",
    "veluwe-artsen",
    "gemeente-deventer",
    "samenwel",
)


class Waiting:
    """Makes registrations that wait, with the people behind them."""

    def __init__(
        self,
        population: Population,
        offers: dict[str, Offering],
        series: list[Line],
        monday: date,
        seed: int,
    ) -> None:
        self.population, self.offers, self.monday = population, offers, monday
        self.rng: Random = draws(seed, "waiting")
        self.new: dict[str, list[str]] = {}
        for line in series:
            self.new.setdefault(line["offering"], []).append(line["code"])
        self.lines: list[Line] = []
        self.people: list[Resident] = []
        self.members = list(population.residents)
        self.also_members: list[str] = []
        self.reasons: dict[str, str] = {}
        self.referred: list[Line] = []
        self.finished: list[Line] = []

    def fill(self, scale: float) -> None:
        for _number in range(max(20, round(WAITING * scale))):
            care = self.rng.random() < CARE_SHARE
            self._ask(care, not care and self.rng.random() < ALSO_MEMBER)
        while not self.also_members:
            self._ask(False, True)
        for _number in range(max(1, round(CONVERSATIONS * scale))):
            self._refer()

    def _day(self, mean: float, longest: int) -> date:
        days = 1 + int(min(longest, self.rng.expovariate(1 / mean)))
        return self.monday - timedelta(days=days)

    def _ask(self, care: bool, member: bool) -> None:
        young = self.rng.random() < 0.07
        person = (
            self.members.pop(self.rng.randrange(len(self.members)))
            if member
            else self.population.draw((16, 25) if young else (18, 80))
        )
        choices = self._choices(person, care)
        if not choices:
            return
        if member:
            self.also_members.append(person.code)
        else:
            self.population.keep(person)
        self.people.append(person)
        line = self._line(person, self._day(70 if care else 40, 260))
        if not care and self.rng.random() < THEME_ONLY:
            line["theme"] = self.rng.choice(self.offers[choices[0]].themes)
        else:
            line["choices"] = ";".join(choices)
            line["offering"] = choices[0]
            certain = self.new.get(choices[0], [])
            if certain and self.rng.random() < SEEKS_NEW_TERM:
                line["series_choices"] = self.rng.choice(certain)
        line["allowed_levels"] = "1;2" if care else "1"
        if person.companion:
            line["seats"] = "2"
        if care and self.rng.random() < ONE_TO_ONE_SHARE:
            line["choices"] = ";".join([*choices, ONE_TO_ONE])
            self.reasons[line["code"]] = self.rng.choice(REASONS)
        self.lines.append(line)
        self._finished_before(person, choices)

    def _finished_before(self, person: Resident, choices: list[str]) -> None:
        """Most who ask for a course that follows another have done that one."""
        for code in choices:
            earlier = self.offers[code].prerequisite
            if earlier and self.rng.random() < FINISHED_SHARE:
                line = self._line(person, self._day(300, 700) - timedelta(weeks=26))
                self.finished.append(
                    line
                    | {
                        "code": f"v-{person.code}-{earlier}",
                        "offering": earlier,
                        "choices": earlier,
                        "state": "finished",
                    }
                )

    def _choices(self, person: Resident, care: bool) -> list[str]:
        """Three or four offerings around one theme; now and then only one."""
        year = self.population.year
        level = (1, 2) if care else (1,)
        open_to_all = [
            one
            for one in self.offers.values()
            if one.policy.takes_registrations
            and one.level in level
            and one.code != ONE_TO_ONE
            and fits(one, person, year)
        ]
        firsts = [one for one in open_to_all if one.level == level[-1]]
        if not firsts:
            return []
        first = self.rng.choices(firsts, [_liking(one) for one in firsts])[0]
        near = [
            one
            for one in open_to_all
            if one is not first and set(one.themes) & set(first.themes)
        ]
        number = self.rng.choices((0, 1, 2, 3), (12, 13, 40, 35))[0]
        self.rng.shuffle(near)
        near.sort(key=lambda one: -len(set(one.themes) & set(first.themes)))
        return [first.code, *(one.code for one in near[:number])]

    def _refer(self) -> None:
        """Somebody whom a GP or social worker referred to a first conversation."""
        person = self.population.keep(self.population.draw((18, 78)))
        self.people.append(person)
        line = self._line(person, self._day(12, 35))
        line |= {
            "offering": CONVERSATION,
            "choices": CONVERSATION,
            "allowed_levels": "0",
        }
        self.lines.append(line)
        self.referred.append(
            {
                "resident": person.code,
                "received_on": line["registered_on"],
                "organisation": self.rng.choice(REFERRERS),
                "registration": line["code"],
                "state": "registered",
            }
        )

    def _line(self, person: Resident, day: date) -> Line:
        need = self.rng.choices(CLASSES, CLASS_WEIGHTS)[0]
        return {
            "code": f"a-{len(self.lines) + 1:04}",
            "resident": person.code,
            "registered_on": day.isoformat(),
            "need_class": str(need),
        }

    def pairs(self, scale: float) -> list[Line]:
        """Who should, or should not, be in one group; why is not kept."""
        # Two who are in one group already cannot be kept apart any more.
        people = [one for one in self.people if one.code not in self.also_members]
        self.rng.shuffle(people)
        found = []
        for kind, number in (("apart", APART), ("together", TOGETHER)):
            for _pair in range(max(1, round(number * scale))):
                if len(people) < 2:
                    break
                one, other = sorted(
                    (people.pop(), people.pop()), key=lambda person: person.code
                )
                found.append(
                    {"person_a": one.code, "person_b": other.code, "kind": kind}
                )
        return found


def _liking(offering: Offering) -> float:
    """Courses are asked for most, then groups, then modules."""
    if offering.policy.self_paced:
        return 0.5
    if offering.language != "nl":
        return 2.0
    return 2.0 if offering.sessions else 1.0
