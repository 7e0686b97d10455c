"""Sheets about people: who leads, who takes part, and when they can."""

from __future__ import annotations

from courses.imports.cells import (
    Code,
    Integer,
    Many,
    Pattern,
    Ref,
    Text,
    YesNo,
)
from courses.imports.sheet import Column, Sheet, column, needed
from courses.imports.sheets_hours import (
    AVAILABILITY,
    EXCEPTIONS,
    LEAVE,
    VALID,
    validity,
)
from courses.imports.sheets_places import choices
from people.enums import (
    AccessNeed,
    ContactChannel,
    FormatWish,
    HalfDay,
    Language,
    PairKind,
    StaffRole,
    TravelMode,
)

QUALIFICATIONS = Sheet(
    name="qualifications",
    model="people.Qualification",
    nl="Opleidingen die voor een groep nodig kunnen zijn.",
    en="Trainings that a group may ask of its leaders.",
    columns=(
        needed("code", Code(), "Code", "Code", "wrap"),
        needed("name", Text(80), "Naam", "Name", "WRAP-facilitator"),
    ),
    key=("code",),
    found_by=("code",),
)


def person_columns(example: str, kept_by: Column) -> tuple[Column, ...]:
    """What is kept of a person, whatever part he or she plays."""
    return (
        needed(
            "code",
            Code(60),
            "Eigen code; nooit een BSN",
            "Code of your own; never a citizen number",
            f"p-{example.lower()}",
        ),
        kept_by,
        needed("call_name", Text(60), "Roepnaam", "Name to be called by", example),
        column("alias", Text(60), "Naam in groepen", "Name used in groups"),
        column(
            "contact_channel",
            choices(ContactChannel),
            "Hoe te bereiken",
            "How to be reached",
            "email",
        ),
        column(
            "contact_address",
            Text(),
            "Adres of nummer",
            "Address or number",
            f"{example.lower()}@example.org",
        ),
        column(
            "postcode4",
            Pattern("[1-9][0-9]{3}", "7423"),
            "Vier cijfers van de postcode",
            "Four digits of the postcode",
            "7423",
        ),
        column("home", Ref("places"), "Woonplaats", "Lives in", "Colmschate"),
        column(
            "languages",
            Many(choices(Language)),
            "Talen (leeg: nl)",
            "Languages (empty: nl)",
            "nl",
        ),
        column(
            "birth_year", Integer(1900, 2100), "Geboortejaar", "Year of birth", "1984"
        ),
    )


FACILITATORS = Sheet(
    name="facilitators",
    model="people.Facilitator",
    nl="Wie groepen en gesprekken begeleidt.",
    en="Who leads groups and conversations.",
    columns=(
        *person_columns(
            "Marijke",
            needed(
                "organisation",
                Ref("organisations"),
                "Werkt voor",
                "Works for",
                "de-brug",
            ),
        ),
        needed(
            "staff_roles",
            Many(choices(StaffRole)),
            "Rollen",
            "Roles",
            "expert_by_experience",
        ),
        column(
            "travel_base",
            Ref("places"),
            "Vertrekt vanuit",
            "Starting point of journeys",
            "Colmschate",
        ),
        column(
            "max_minutes_per_week",
            Integer(15, 10080),
            "Hoogstens minuten per week",
            "Most minutes a week",
            "480",
        ),
        column(
            "max_sessions_per_day",
            Integer(1, 20),
            "Hoogstens bijeenkomsten per dag",
            "Most sessions a day",
            "2",
        ),
        column(
            "max_span_minutes_per_day",
            Integer(15, 1440),
            "Langste dag in minuten",
            "Longest day in minutes",
            "480",
        ),
        column(
            "max_days_per_week",
            Integer(1, 7),
            "Hoogstens dagen per week",
            "Most days a week",
            "2",
        ),
        column(
            "max_block_minutes",
            Integer(15, 1440),
            "Langste tijd zonder pauze in minuten",
            "Longest time without a break in minutes",
            "240",
        ),
        column("active", YesNo(), "Actief (leeg: ja)", "Active (empty: yes)", "yes"),
    ),
    key=("code",),
    found_by=("person__reference",),
    about_people=True,
)

CERTIFICATES = Sheet(
    name="certificates",
    model="people.Certificate",
    nl="Welke opleiding een begeleider heeft.",
    en="Which training a leader has.",
    columns=(
        needed("facilitator", Ref("facilitators"), "Begeleider", "Leader", "p-marijke"),
        needed("qualification", Ref("qualifications"), "Opleiding", "Training", "wrap"),
        *VALID,
    ),
    key=("facilitator", "qualification", "valid_from"),
    whole_of="facilitator",
    derive=validity,
    derived=("valid_from", "valid_until"),
    derived_key=("valid",),
    about_people=True,
)

RESIDENTS = Sheet(
    name="residents",
    model="people.Resident",
    nl="Wie iets zoekt of meedoet. Wie ook begeleider is, houdt de gegevens van daar.",
    en="Who looks for or takes part in something. Leaders keep the facts given there.",
    columns=(
        *person_columns(
            "Noor",
            column(
                "organisation",
                Ref("organisations"),
                "Wie de gegevens bewaart (leeg: de regio)",
                "Who keeps the data (empty: the region)",
                "de-brug",
            ),
        ),
        column(
            "travel_limit_minutes",
            Integer(0, 240),
            "Langste reis in minuten (leeg: 30)",
            "Longest journey in minutes (empty: 30)",
            "25",
        ),
        column(
            "travel_mode",
            choices(TravelMode),
            "Hoe iemand reist (leeg: fiets)",
            "Way of travelling (empty: bicycle)",
            "bicycle",
        ),
        column(
            "pace_per_week",
            Integer(1, 14),
            "Hoogstens keer per week (leeg: 2)",
            "Most sessions a week (empty: 2)",
            "2",
        ),
        column(
            "pace_per_day",
            Integer(1, 6),
            "Hoogstens keer per dag (leeg: 1)",
            "Most sessions a day (empty: 1)",
            "1",
        ),
        column(
            "format_wishes",
            Many(choices(FormatWish)),
            "Vormen die goed zijn (leeg: alle)",
            "Forms that are fine (empty: all)",
            "in_person",
        ),
        column(
            "preferred_half_days",
            Many(choices(HalfDay)),
            "Liefst in dit deel van de dag",
            "Preferred parts of the day",
            "morning",
        ),
        column(
            "access_needs",
            Many(choices(AccessNeed)),
            "Wat de ruimte moet hebben",
            "What the room must have",
        ),
        column(
            "with_companion",
            YesNo(),
            "Er komt iemand mee",
            "Someone comes along",
            "no",
        ),
    ),
    key=("code",),
    found_by=("person__reference",),
    about_people=True,
)

RELATIVES = Sheet(
    name="relatives",
    model="people.Relative",
    nl="Naasten van een inwoner, die mee kunnen komen naar een gesprek.",
    en="People close to a resident, who may come along to a conversation.",
    columns=(
        *person_columns(
            "Sanne",
            column(
                "organisation",
                Ref("organisations"),
                "Wie de gegevens bewaart (leeg: de regio)",
                "Who keeps the data (empty: the region)",
                "de-brug",
            ),
        ),
        needed("resident", Ref("residents"), "Naaste van", "Close to", "p-noor"),
        column(
            "joins_conversation",
            YesNo(),
            "Komt mee naar het verkennend gesprek (leeg: ja)",
            "Comes to the exploratory conversation (empty: yes)",
            "yes",
        ),
    ),
    key=("code", "resident"),
    about_people=True,
)

PAIRS = Sheet(
    name="pairs",
    model="people.KeepPair",
    nl="Twee mensen die niet, of juist wel, in één groep horen. Zonder reden.",
    en="Two people to keep apart or together. Without a reason.",
    columns=(
        needed("person_a", Ref("people"), "De een", "The one", "p-noor"),
        needed("person_b", Ref("people"), "De ander", "The other", "p-marijke"),
        needed("kind", choices(PairKind), "Soort", "Kind", "apart"),
    ),
    key=("person_a", "person_b"),
    about_people=True,
)

SHEETS = (
    QUALIFICATIONS,
    FACILITATORS,
    CERTIFICATES,
    LEAVE,
    RESIDENTS,
    RELATIVES,
    AVAILABILITY,
    EXCEPTIONS,
    PAIRS,
)
