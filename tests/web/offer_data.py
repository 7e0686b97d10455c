"""A small believable region for tests of pages: real words, invented people.

Everything lies around the day of the test, so that pages show it as coming.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from people.enums import Role
from publishing.rhythm import ZONE
from tests.factories import (
    CentreFactory,
    EnrolmentFactory,
    FacilitatorFactory,
    MunicipalityFactory,
    OfferingFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    ResidentFactory,
    RoomFactory,
    SeriesFactory,
    SeriesLeaderFactory,
    SessionFactory,
    SessionLeaderFactory,
    ThemeFactory,
    UserFactory,
)


@dataclass
class Region:
    """What a test needs to find again."""

    places: dict[str, Any] = field(default_factory=dict)
    rooms: dict[str, Any] = field(default_factory=dict)
    themes: dict[str, Any] = field(default_factory=dict)
    series: dict[str, Any] = field(default_factory=dict)
    resident: Any = None
    leader: Any = None
    manager: Any = None


def start_of(day: date, hour: int, minute: int = 0) -> datetime:
    """A wall-clock time in Amsterdam."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE)


def next_weekday(weekday: int, weeks: int = 0) -> date:
    """The first such ISO weekday after today, so many weeks on."""
    today = timezone.localdate()
    ahead = (weekday - today.isoweekday() - 1) % 7 + 1
    return today + timedelta(days=ahead, weeks=weeks)


def a_series(
    offering: Any, room: Any, *, first: date, hour: int, count: int = 4, **more: Any
) -> Any:
    """A published series with its sessions, weekly as the offering says."""
    series = SeriesFactory(
        offering=offering,
        state="published",
        weekday=first.isoweekday(),
        start_time=time(hour),
        first_date=first,
        room=room,
        **more,
    )
    for number in range(count):
        day = first + timedelta(weeks=number * offering.every_weeks)
        begin = start_of(day, hour)
        over = begin + timedelta(minutes=offering.session_minutes)
        SessionFactory(
            series=series,
            number=number + 1,
            room=room,
            online=room is None,
            period=DateTimeTZRange(begin, over),
        )
    return series


def a_region() -> Region:
    """Two towns, two centres, six themes and seven offerings; one of each account."""
    region = Region()
    olst = MunicipalityFactory(code="GM1773", name="Olst-Wijhe")
    deventer = MunicipalityFactory()
    for name, municipality, lat, lon in [
        ("Deventer", deventer, 52.2552, 6.1639),
        ("Olst", olst, 52.3370, 6.1110),
        ("Den Nul", olst, 52.3650, 6.1300),
    ]:
        region.places[name] = PlaceFactory(
            name=name, municipality=municipality, lat=lat, lon=lon
        )
    brug = OrganisationFactory(code="de-brug", name="Herstelacademie De Brug")
    hof = OrganisationFactory(code="het-hof", name="Dorpshuis Het Hof")
    for name, place, owner, address in [
        ("Zelfregiecentrum De Kade", "Deventer", brug, "Havenplein 4"),
        ("Dorpshuis Het Hof", "Olst", hof, "Dorpsstraat 12"),
    ]:
        centre = CentreFactory(
            name=name,
            code="de-kade" if place == "Deventer" else "het-hof",
            place=region.places[place],
            organisation=owner,
            address=address,
        )
        for room in ("Huiskamer", "Bovenzaal"):
            region.rooms[f"{place} {room}"] = RoomFactory(
                centre=centre, name=room, capacity=14
            )
    for code, dutch, english in [
        ("geld", "Geld", "Money"),
        ("stress", "Stress", "Stress"),
        ("wonen", "Wonen", "Housing"),
        ("alleen-zijn", "Alleen zijn", "Being alone"),
        ("werk-school", "Werk of school", "Work or school"),
        ("rouw", "Rouw", "Loss"),
    ]:
        region.themes[code] = ThemeFactory(code=code, name_nl=dutch, name_en=english)
    _offerings(region, brug)
    _accounts(region, brug, hof)
    return region


def _offerings(region: Region, brug: Any) -> None:
    def offering(code: str, title: str, theme: str, text: str, **more: Any) -> Any:
        made = OfferingFactory(
            code=code, title_nl=title, summary_nl=text, organisation=brug, **more
        )
        made.themes.add(region.themes[theme])
        return made

    money = offering(
        "omgaan-met-geld",
        "Omgaan met geld",
        "geld",
        "U leert overzicht houden over uw geld. We werken met uw eigen brieven en "
        "rekeningen, in uw eigen tempo.",
        size_min=4,
        size_max=8,
        sessions_count=4,
        session_minutes=120,
        closed_after_session=2,
    )
    region.series["money"] = a_series(
        money, region.rooms["Deventer Huiskamer"], first=next_weekday(4), hour=19
    )
    region.series["money in Olst"] = a_series(
        money, region.rooms["Olst Huiskamer"], first=next_weekday(3, 1), hour=10
    )
    grief = offering(
        "praten-over-rouw",
        "Lotgenoten: praten over rouw",
        "rouw",
        "U praat met mensen die ook iemand verloren hebben. U kunt altijd beginnen.",
        kind="peer_group",
        size_min=1,
        size_max=6,
        sessions_count=None,
        session_minutes=90,
    )
    full = a_series(
        grief,
        region.rooms["Olst Bovenzaal"],
        first=next_weekday(1),
        hour=10,
        size_max=1,
    )
    region.series["full"] = full
    for state in ("placed", "waiting"):
        someone = RegistrationFactory(state=state)
        RegistrationChoiceFactory(registration=someone, series=full)
        if state == "placed":
            EnrolmentFactory(registration=someone, series=full)
    sleep = offering(
        "beter-slapen",
        "Beter slapen",
        "stress",
        "Zes lessen die u thuis doet. Een coach leest mee.",
        kind="digital_module",
        format="online",
        size_min=1,
        size_max=500,
        sessions_count=None,
        session_minutes=None,
        coach_minutes_per_week=15,
    )
    region.series["sleep"] = SeriesFactory(offering=sleep, state="published")
    walk = offering(
        "inloop",
        "Inloop De Kade",
        "alleen-zijn",
        "Koffie, een praatje en iets te doen. Iedereen mag binnenlopen.",
        kind="drop_in",
        size_min=0,
        size_max=25,
        sessions_count=None,
        session_minutes=180,
    )
    region.series["walk in"] = a_series(
        walk, region.rooms["Deventer Bovenzaal"], first=next_weekday(2), hour=13
    )
    care = offering(
        "mindfulness-ggz",
        "Mindfulness bij somberheid",
        "stress",
        "Een behandelgroep van acht keer, met twee behandelaars.",
        kind="group_treatment",
        format="online",
        size_min=6,
        size_max=8,
        sessions_count=8,
        session_minutes=120,
    )
    region.series["care"] = a_series(care, None, first=next_weekday(5), hour=14)
    offering(
        "wrap",
        "WRAP",
        "stress",
        "U maakt uw eigen plan om in balans te blijven. Een nieuwe groep volgt.",
        sessions_count=8,
        session_minutes=150,
    )


def _accounts(region: Region, brug: Any, hof: Any) -> None:
    account = UserFactory(email="noor@example.org", role=Role.RESIDENT)
    person = PersonFactory(
        user=account,
        organisation=brug,
        call_name="Noor",
        place=region.places["Olst"],
    )
    region.resident = ResidentFactory(person=person)
    account = UserFactory(email="wim@example.org", role=Role.FACILITATOR)
    person = PersonFactory(user=account, organisation=brug, call_name="Wim")
    region.leader = FacilitatorFactory(person=person)
    helper = FacilitatorFactory(
        person=PersonFactory(organisation=brug, call_name="Sanne")
    )
    for name in ("money", "full", "walk in"):
        series = region.series[name]
        for leader in (region.leader, helper) if name == "money" else (region.leader,):
            SeriesLeaderFactory(series=series, facilitator=leader)
            for session in series.sessions.all():
                SessionLeaderFactory(session=session, facilitator=leader)
    region.manager = UserFactory(
        email="beheer@example.org", role=Role.CENTRE_MANAGER, organisation=hof
    )
