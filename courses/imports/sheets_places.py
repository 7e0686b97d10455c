"""Sheets about the ground: organisations, places, centres, rooms and their hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from courses.imports.cells import (
    Clock,
    Code,
    Day,
    Integer,
    Many,
    Moment,
    Number,
    OneOf,
    Pattern,
    Ref,
    Text,
    Weekday,
    YesNo,
)
from courses.imports.sheet import Sheet, Values, column, needed
from people.enums import FormOfAddress, OrganisationKind, SchoolRegion
from rooms.enums import Bookable, BookingState, CentreKind

LATITUDE = Number(50.5, 53.8)
LONGITUDE = Number(3.2, 7.3)


def choices(enum: Any) -> OneOf:
    """One of the values of an enumeration, labels read when needed."""
    return OneOf(lambda: dict(enum.choices))


def whole_days(values: Mapping[str, Any]) -> Values:
    """First and last day, both included, as the half-open range that is kept."""
    return {
        "days": DateRange(values["first_day"], values["last_day"] + timedelta(days=1))
    }


def period(values: Mapping[str, Any]) -> Values:
    """Start and end as one period."""
    return {"period": DateTimeTZRange(values["start"], values["end"])}


ORGANISATIONS = Sheet(
    name="organisations",
    model="people.Organisation",
    nl="Wie ruimtes heeft, mensen in dienst heeft of aanbod geeft.",
    en="Who owns rooms, employs people or offers groups.",
    columns=(
        needed("code", Code(), "Eigen code", "Code of your own", "de-brug"),
        needed("name", Text(), "Naam", "Name", "Stichting De Brug"),
        needed(
            "kind", choices(OrganisationKind), "Soort", "Kind", OrganisationKind.WELFARE
        ),
        column(
            "form_of_address",
            choices(FormOfAddress),
            "Je of u",
            "Je or u in Dutch",
            "u",
        ),
    ),
    key=("code",),
    found_by=("code",),
)

MUNICIPALITIES = Sheet(
    name="municipalities",
    model="people.Municipality",
    nl="De gemeenten van de regio.",
    en="The municipalities of the region.",
    columns=(
        needed(
            "code",
            Pattern(r"GM\d{4}", "GM0150"),
            "CBS-code",
            "Code of Statistics Netherlands",
            "GM0150",
        ),
        needed("name", Text(80), "Naam", "Name", "Deventer"),
        needed(
            "school_region",
            choices(SchoolRegion),
            "Regio van de schoolvakanties",
            "School-holiday region",
            "Noord",
        ),
        column(
            "inhabitants",
            Integer(1, 2_000_000),
            "Aantal inwoners",
            "Number of inhabitants",
            "103000",
        ),
    ),
    key=("code",),
    found_by=("code",),
)

PLACES = Sheet(
    name="places",
    model="people.Place",
    nl="Plaatsen, dorpen en wijken, met een punt op de kaart.",
    en="Towns, villages and neighbourhoods, with a point on the map.",
    columns=(
        needed("name", Text(80), "Naam", "Name", "Colmschate"),
        needed(
            "municipality", Ref("municipalities"), "Gemeente", "Municipality", "GM0150"
        ),
        needed("lat", LATITUDE, "Breedtegraad", "Latitude", "52.2520"),
        needed("lon", LONGITUDE, "Lengtegraad", "Longitude", "6.2160"),
        needed("source", Text(80), "Bron van de punten", "Source", "eigen opgave"),
        column(
            "postcode4",
            Pattern("[1-9][0-9]{3}", "7411"),
            "Vier cijfers van de postcode",
            "Four digits of the postcode",
            "7421",
        ),
    ),
    key=("name", "municipality"),
    found_by=("name",),
    more_examples=(
        {
            "name": "Okkenbroek",
            "municipality": "GM0150",
            "lat": "52.2960",
            "lon": "6.3320",
            "source": "eigen opgave",
        },
    ),
)

FEATURES = Sheet(
    name="features",
    model="rooms.RoomFeature",
    nl="Kenmerken van ruimtes, naast de kenmerken die er al zijn.",
    en="Features of rooms, beside those that are there already.",
    columns=(
        needed("code", Code(40), "Code", "Code", "piano"),
        needed("name_nl", Text(60), "Naam in het Nederlands", "Name in Dutch", "piano"),
        needed("name_en", Text(60), "Naam in het Engels", "Name in English", "piano"),
        column("is_access", YesNo(), "Is toegankelijkheid", "Is an access need", "no"),
    ),
    key=("code",),
    found_by=("code",),
)

CENTRES = Sheet(
    name="centres",
    model="rooms.Centre",
    nl="Gebouwen met ruimtes.",
    en="Buildings with rooms.",
    columns=(
        needed("code", Code(), "Eigen code", "Code of your own", "de-linde"),
        needed("name", Text(), "Naam", "Name", "Buurtcentrum De Linde"),
        needed(
            "kind",
            choices(CentreKind),
            "Soort",
            "Kind",
            CentreKind.NEIGHBOURHOOD_CENTRE,
        ),
        needed("organisation", Ref("organisations"), "Eigenaar", "Owner", "de-brug"),
        column(
            "priority_organisation",
            Ref("organisations"),
            "Organisatie die voorgaat",
            "Organisation that goes first",
        ),
        needed("place", Ref("places"), "Plaats", "Place", "Colmschate"),
        needed("address", Text(160), "Adres", "Address", "Lindelaan 12"),
        needed("lat", LATITUDE, "Breedtegraad", "Latitude", "52.2531"),
        needed("lon", LONGITUDE, "Lengtegraad", "Longitude", "6.2148"),
        column("bookable", choices(Bookable), "Hoe te boeken", "How booked", "own"),
        column(
            "closes_on_public_holidays",
            YesNo(),
            "Dicht op feestdagen (leeg: ja)",
            "Closed on public holidays (empty: yes)",
            "yes",
        ),
        column(
            "closes_on_school_holidays",
            YesNo(),
            "Dicht in schoolvakanties (leeg: nee)",
            "Closed in school holidays (empty: no)",
            "no",
        ),
        column(
            "active", YesNo(), "In gebruik (leeg: ja)", "In use (empty: yes)", "yes"
        ),
    ),
    key=("code",),
    found_by=("code",),
)

OPENING_HOURS = Sheet(
    name="opening_hours",
    model="rooms.OpeningHours",
    nl="Wanneer een gebouw open is. Alle uren van een gebouw staan hier bij elkaar.",
    en="When a centre is open. All hours of a centre stand here together.",
    columns=(
        needed("centre", Ref("centres"), "Gebouw", "Centre", "de-linde"),
        needed("weekday", Weekday(), "Dag", "Day", "tuesday"),
        needed("start", Clock(), "Van", "From", "09:00"),
        needed("end", Clock(), "Tot", "Until", "17:00"),
    ),
    key=("centre", "weekday", "start"),
    whole_of="centre",
)

CLOSURES = Sheet(
    name="closures",
    model="rooms.Closure",
    nl="Dagen waarop een gebouw dicht is.",
    en="Days on which a centre is closed.",
    columns=(
        needed("centre", Ref("centres"), "Gebouw", "Centre", "de-linde"),
        needed("first_day", Day(), "Eerste dag", "First day", "2026-12-24"),
        needed("last_day", Day(), "Laatste dag", "Last day", "2026-12-31"),
    ),
    key=("centre", "first_day", "last_day"),
    derive=whole_days,
    derived=("first_day", "last_day"),
    derived_key=("days",),
)

ROOMS = Sheet(
    name="rooms",
    model="rooms.Room",
    nl="Ruimtes om in bij elkaar te komen.",
    en="Rooms to meet in.",
    columns=(
        needed("centre", Ref("centres"), "Gebouw", "Centre", "de-linde"),
        needed("name", Text(80), "Naam", "Name", "Tuinkamer"),
        needed(
            "capacity",
            Integer(1, 1000),
            "Stoelen, ook voor begeleiders",
            "Seats, leaders included",
            "12",
        ),
        column(
            "features",
            Many(Ref("features")),
            "Kenmerken",
            "Features",
            "step-free; quiet",
        ),
        column(
            "price_per_half_day_cents",
            Integer(0, 1_000_000),
            "Prijs per dagdeel in centen",
            "Price per half-day in cents",
            "2500",
        ),
        column(
            "changeover_minutes",
            Integer(0, 240),
            "Minuten tussen twee groepen (leeg: 15)",
            "Minutes between two groups (empty: 15)",
            "15",
        ),
        column(
            "active", YesNo(), "In gebruik (leeg: ja)", "In use (empty: yes)", "yes"
        ),
    ),
    key=("centre", "name"),
    found_by=("centre__code", "name"),
)

ROOM_BOOKINGS = Sheet(
    name="room_bookings",
    model="rooms.RoomBooking",
    nl="Wanneer anderen een ruimte gebruiken.",
    en="When others use a room.",
    columns=(
        needed(
            "room",
            Ref("rooms"),
            "Ruimte: code van het gebouw/naam",
            "Room: code of the centre/name",
            "de-linde/Tuinkamer",
        ),
        needed("start", Moment(), "Van", "From", "2026-11-26 13:00"),
        needed("end", Moment(), "Tot", "Until", "2026-11-26 16:00"),
        column(
            "state",
            choices(BookingState),
            "Staat (leeg: aangevraagd)",
            "State (empty: requested)",
            "confirmed",
        ),
        column("booked_by", Ref("organisations"), "Door wie", "By whom", "de-brug"),
    ),
    key=("room", "start", "end"),
    derive=period,
    derived=("start", "end"),
    derived_key=("period",),
)

TRAVEL_TIMES = Sheet(
    name="travel_times",
    model="rooms.TravelTime",
    nl="Minuten met de auto tussen twee plaatsen; gaat voor de schatting.",
    en="Minutes by car between two places; wins over the estimate.",
    columns=(
        needed("from_place", Ref("places"), "Van", "From", "Colmschate"),
        needed("to_place", Ref("places"), "Naar", "To", "Okkenbroek"),
        needed("minutes", Integer(0, 600), "Minuten", "Minutes", "14"),
    ),
    key=("from_place", "to_place"),
)

SHEETS = (
    ORGANISATIONS,
    MUNICIPALITIES,
    PLACES,
    TRAVEL_TIMES,
    FEATURES,
    CENTRES,
    OPENING_HOURS,
    CLOSURES,
    ROOMS,
    ROOM_BOOKINGS,
)
