"""Which series run: courses, peer groups, drop-ins and treatment, in their numbers."""

from __future__ import annotations

from courses.demo.agenda import Agenda
from courses.demo.offer import Offering

COURSES = (
    "wrap wrap herstellen-doe-je-zelf herstellen-doe-je-zelf eigen-ervaring "
    "eerlijk-open-trots zingeving-in-balans omgaan-met-geld omgaan-met-geld "
    "beter-slapen minder-piekeren voor-jezelf-opkomen verder-na-verlies stemmen-horen "
    "even-stilstaan in-de-put grip-op-je-dip goed-voor-uzelf-zorgen weer-aan-het-werk "
    "samen-koken naasten-cursus stress-de-baas"
).split()
PEERS_WEEKLY = (
    "lotgenoten-somber lotgenoten-somber lotgenoten-angst lotgenoten-angst "
    "praten-mannen praten-mannen praten-vrouwen praten-vrouwen jong-en-oke "
    "wandelen-en-praten wandelen-en-praten wandelen-en-praten samen-creatief "
    "samen-creatief samen-creatief lotgenoten-online lotgenoten-online "
    "lotgenoten-somber"
).split()
PEERS_FORTNIGHTLY = (
    "lotgenoten-rouw lotgenoten-stemmen lotgenoten-drukte lotgenoten-autisme "
    "naasten-onder-elkaar praatgroep-arabisch ouders-onder-elkaar lotgenoten-rouw "
    "praatgroep-turks lotgenoten-drukte naasten-onder-elkaar"
).split()
DROP_INS = "inloop inloop inloop inloop inloop-geld".split()
TREATMENTS = (
    "mbct mbct mbct act-groep act-groep act-groep act-groep vers vers vers "
    "schema-groep schema-groep schema-groep cgt-angst cgt-angst cgt-angst vaardigheden "
    "vaardigheden mentaliseren mentaliseren cgt-online cgt-online stabilisatie "
    "stabilisatie bewegen-en-voelen leren-over-stemming leren-over-stemming"
).split()


def fill(agenda: Agenda, offers: dict[str, Offering], scale: float) -> None:
    """Lay the running series; what needs rare leaders goes first."""
    for names, meets in (
        (COURSES, True),
        (TREATMENTS, True),
        (DROP_INS, True),
        (PEERS_WEEKLY, True),
        (PEERS_FORTNIGHTLY, True),
        (PEERS_FORTNIGHTLY, False),
    ):
        for name in scaled(names, scale):
            agenda.add(offers[name], meets=meets)


def scaled(names: list[str], scale: float) -> list[str]:
    """The list made longer or shorter, keeping its mix."""
    number = max(1, round(len(names) * scale))
    if number <= len(names):
        return [names[place * len(names) // number] for place in range(number)]
    return [names[place % len(names)] for place in range(number)]
