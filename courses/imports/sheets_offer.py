"""Sheets about the offer, and what runs or is still to be planned of it."""

from __future__ import annotations

from courses.imports.cells import (
    Clock,
    Code,
    Day,
    Integer,
    Many,
    OneOf,
    Ref,
    Text,
    Weekday,
    YesNo,
)
from courses.imports.sheet import Sheet, column, needed
from courses.imports.sheets_places import choices
from courses.kinds import Format, OfferingKind
from people.enums import Language, StaffRole

SERIES_STATES = {"planned": "planned", "running": "running"}


THEMES = Sheet(
    name="themes",
    model="courses.Theme",
    nl="Waar mensen iets mee willen, in gewone woorden.",
    en="What people want something for, in everyday words.",
    columns=(
        needed("code", Code(), "Code", "Code", "slaap"),
        needed("name_nl", Text(80), "Naam", "Name in Dutch", "Slapen"),
        column("name_en", Text(80), "Naam in het Engels", "Name in English", "Sleep"),
    ),
    key=("code",),
    found_by=("code",),
)

OFFERINGS = Sheet(
    name="offerings",
    model="courses.Offering",
    nl="Het aanbod. Wat leeg blijft, komt van de soort.",
    en="The offer. What is left empty comes from its kind.",
    columns=(
        needed("code", Code(), "Code", "Code", "beter-slapen"),
        needed(
            "kind", choices(OfferingKind), "Soort", "Kind", OfferingKind.RECOVERY_COURSE
        ),
        needed("title_nl", Text(), "Titel", "Title in Dutch", "Beter slapen"),
        column(
            "title_en", Text(), "Titel in het Engels", "English title", "Sleep well"
        ),
        column(
            "summary_nl",
            Text(2000),
            "Wat er gebeurt, in gewone taal",
            "What happens, in plain Dutch",
            "U leert wat u kunt doen om beter te slapen.",
        ),
        column(
            "summary_en",
            Text(2000),
            "Hetzelfde in het Engels",
            "The same in English",
            "You learn what you can do to sleep better.",
        ),
        column("themes", Many(Ref("themes")), "Thema's", "Themes", "slaap"),
        needed(
            "organisation", Ref("organisations"), "Van wie", "Offered by", "de-brug"
        ),
        column(
            "format",
            choices(Format),
            "Vorm (leeg: op locatie)",
            "Form (empty: on site)",
            "in_person",
        ),
        column(
            "language",
            choices(Language),
            "Taal (leeg: nl)",
            "Language (empty: nl)",
            "nl",
        ),
        column("size_min", Integer(0, 500), "Kleinste groep", "Smallest group", "6"),
        column("size_max", Integer(1, 500), "Grootste groep", "Largest group", "10"),
        column(
            "over_enrolment",
            Integer(0, 50),
            "Extra plaatsen",
            "Seats above the largest group",
            "0",
        ),
        column(
            "sessions_count",
            Integer(1, 104),
            "Aantal bijeenkomsten (leeg: zonder einde)",
            "Number of sessions (empty: open-ended)",
            "6",
        ),
        column(
            "session_minutes",
            Integer(15, 600, step=15),
            "Minuten per bijeenkomst (leeg: op eigen tempo)",
            "Minutes a session (empty: self-paced)",
            "90",
        ),
        column(
            "every_weeks",
            Integer(1, 12),
            "Om de hoeveel weken (leeg: 1)",
            "Every so many weeks (empty: 1)",
            "1",
        ),
        column(
            "follow_up_weeks",
            Integer(1, 52),
            "Terugkomdag na zoveel weken",
            "Follow-up after so many weeks",
        ),
        column(
            "skips_school_holidays",
            YesNo(),
            "Niet in schoolvakanties (leeg: ja)",
            "Not in school holidays (empty: yes)",
            "yes",
        ),
        column(
            "required_features",
            Many(Ref("features")),
            "Wat de ruimte moet hebben",
            "What the room must have",
            "quiet",
        ),
        column(
            "prerequisite",
            Ref("offerings"),
            "Eerst afgerond",
            "To be finished first",
        ),
        column("age_min", Integer(0, 120), "Laagste leeftijd", "Lowest age", "18"),
        column("age_max", Integer(0, 120), "Hoogste leeftijd", "Highest age"),
        column(
            "closed_after_session",
            Integer(0, 104),
            "Geen nieuwe mensen na bijeenkomst",
            "Nobody new after session",
            "2",
        ),
        column(
            "different_organisations",
            YesNo(),
            "Begeleiders van verschillende organisaties",
            "Leaders of different organisations",
            "no",
        ),
        column(
            "coach_minutes_per_week",
            Integer(0, 600),
            "Minuten coach per week per deelnemer",
            "Coach minutes a week for each participant",
        ),
        column(
            "norm_days",
            Integer(1, 1000),
            "Langste wachttijd",
            "Longest fair wait",
            "70",
        ),
        column(
            "in_catalogue",
            YesNo(),
            "In het overzicht voor inwoners (leeg: ja)",
            "Shown to residents (empty: yes)",
            "yes",
        ),
    ),
    key=("code",),
    found_by=("code",),
)

STAFF_NEEDS = Sheet(
    name="staff_needs",
    model="courses.OfferingStaffNeed",
    nl="Welke begeleiders een aanbod nodig heeft. Zonder rijen: die van de soort.",
    en="Which leaders an offering needs. Without rows: those of its kind.",
    columns=(
        needed("offering", Ref("offerings"), "Aanbod", "Offering", "beter-slapen"),
        needed(
            "roles",
            Many(choices(StaffRole)),
            "Eén van deze rollen",
            "One of these roles",
            "expert_by_experience; trainer",
        ),
        column(
            "qualification", Ref("qualifications"), "Met opleiding", "With training"
        ),
        column("count", Integer(1, 6), "Hoeveel (leeg: 1)", "How many (empty: 1)", "1"),
        column(
            "from_size",
            Integer(0, 500),
            "Vanaf groepsgrootte (leeg: 0)",
            "From group size (empty: 0)",
            "0",
        ),
    ),
    key=("offering", "roles", "qualification", "from_size"),
    whole_of="offering",
)

REASON_CODES = Sheet(
    name="reason_codes",
    model="courses.ReasonCode",
    nl="Redenen waarom een groep nu niet past. Nooit iets over gezondheid.",
    en="Reasons why a group does not fit now. Never anything about health.",
    columns=(
        needed("code", Code(40), "Code", "Code", "kinderopvang"),
        needed("name_nl", Text(), "Reden", "Reason in Dutch", "Geen oppas"),
        needed("name_en", Text(), "In het Engels", "In English", "No child care"),
        column("active", YesNo(), "Te kiezen (leeg: ja)", "Can be chosen", "yes"),
    ),
    key=("code",),
    found_by=("code",),
)

SERIES = Sheet(
    name="series",
    model="courses.Series",
    nl="Groepen: wat loopt (met dag, tijd, ruimte) en wat nog gepland moet worden.",
    en="Groups: what runs (with day, time, room) and what is still to be planned.",
    columns=(
        needed("code", Code(60), "Eigen code", "Code of your own", "slapen-voorjaar"),
        needed("offering", Ref("offerings"), "Aanbod", "Offering", "beter-slapen"),
        needed(
            "state",
            OneOf(lambda: SERIES_STATES),
            "Staat",
            "State",
            "running",
        ),
        column("weekday", Weekday(), "Dag", "Day", "tuesday"),
        column("start_time", Clock(15), "Begint om", "Starts at", "09:30"),
        column(
            "first_date", Day(), "Eerste bijeenkomst", "First session", "2027-01-12"
        ),
        column(
            "until",
            Day(),
            "Zonder einde: in de agenda tot en met",
            "Open-ended: in the agenda until",
        ),
        column(
            "room",
            Ref("rooms"),
            "Ruimte (leeg: online)",
            "Room (empty: online)",
            "de-linde/Tuinkamer",
        ),
        column(
            "leaders",
            Many(Ref("facilitators"), most=6),
            "Begeleiders",
            "Leaders",
            "p-marijke",
        ),
        column(
            "former_leaders",
            Many(Ref("facilitators"), most=6),
            "Begeleiders van de vorige keer",
            "Leaders of the former run",
        ),
        column("centre", Ref("centres"), "Alleen in dit gebouw", "Only in this centre"),
        column("earliest_start", Day(), "Begint op zijn vroegst", "Earliest start"),
        column("latest_end", Day(), "Klaar op zijn laatst", "Latest end"),
        column(
            "sessions_count", Integer(1, 104), "Aantal keer", "Number of sessions", "6"
        ),
        column("size_min", Integer(0, 500), "Kleinste groep", "Smallest group"),
        column("size_max", Integer(1, 500), "Grootste groep", "Largest group"),
        column("follows", Ref("series"), "Komt na", "Comes after"),
    ),
    key=("code",),
    found_by=("reference",),
)

SERIES_HOURS = Sheet(
    name="series_hours",
    model="courses.SeriesWindow",
    nl="Wanneer een groep gepland mag worden. Zonder rijen: de uren van de regio.",
    en="When a group may be planned. Without rows: the hours of the region.",
    columns=(
        needed("series", Ref("series"), "Groep", "Series", "slapen-voorjaar"),
        needed("weekday", Weekday(), "Dag", "Day", "tuesday"),
        needed("start", Clock(), "Van", "From", "09:00"),
        needed("end", Clock(), "Tot", "Until", "12:30"),
    ),
    key=("series", "weekday", "start"),
    whole_of="series",
)

SHEETS = (
    THEMES,
    OFFERINGS,
    STAFF_NEEDS,
    REASON_CODES,
    SERIES,
    SERIES_HOURS,
)
