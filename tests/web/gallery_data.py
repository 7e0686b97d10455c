"""Sample data (all invented) for the gallery: every component, and the three sketches.

The gallery lives in the tests only; the product has no page of samples.
"""

# ruff: noqa: RUF001 (times are written with an en dash, as on paper)

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

GALLERY = Path(__file__).resolve().parent / "gallery"
DAYS = ["Ma 30 nov", "Di 1 dec", "Wo 2 dec", "Do 3 dec", "Vr 4 dec"]
MENU = [
    "Week",
    "Plannen maken",
    "Wachtlijst",
    "Aanbod",
    "Mensen",
    "Ruimtes",
    "Cijfers",
]


class SampleForm(forms.Form):
    """One field of each shape."""

    name = forms.CharField(label="Naam van de groep", max_length=80)
    mail = forms.EmailField(label="E-mailadres", help_text="Alleen voor afspraken.")
    day = forms.DateField(
        label="Eerste dag", widget=forms.DateInput(attrs={"type": "date"})
    )
    place = forms.ChoiceField(
        label="Gemeente", choices=[("d", "Deventer"), ("r", "Raalte")]
    )
    way = forms.ChoiceField(
        label="Hoe komt u?",
        choices=[("f", "Met de fiets"), ("b", "Met de bus")],
        widget=forms.RadioSelect,
    )
    parts = forms.MultipleChoiceField(
        label="Wanneer kunt u?",
        required=False,
        choices=[("o", "Ochtend"), ("m", "Middag"), ("a", "Avond")],
        widget=forms.CheckboxSelectMultiple,
        help_text="U mag meer kiezen.",
    )
    note = forms.CharField(label="Opmerking", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="Ik heb dit gelezen", help_text="Zie privacy.")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def chip(title: str, line: str, kind: str, **states: Any) -> SimpleNamespace:
    known = {
        "format": "in_person",
        "href": "#",
        "selected": False,
        "moved": False,
        "pinned": False,
        "conflict": False,
        "cancelled": False,
    }
    return SimpleNamespace(title=title, line=line, kind=kind, **{**known, **states})


def room(name: str, facts: str, cells: dict[int, Any]) -> SimpleNamespace:
    return SimpleNamespace(
        name=name,
        facts=facts,
        cells=[(day, cells.get(index, [])) for index, day in enumerate(DAYS)],
    )


def board() -> dict[str, Any]:
    talk = "exploratory_conversation"
    centres = [
        SimpleNamespace(
            name="Zelfregiecentrum Deventer",
            hours="· ma–do 9.00–21.30",
            rooms=[
                room(
                    "Huiskamer",
                    "14 · drempelvrij",
                    {
                        0: [
                            chip("Lotgenoten rouw", "10.00–11.30 · 8/12", "peer_group")
                        ],
                        1: [
                            chip(
                                "Herstellen doe je zelf",
                                "9.30–11.30 · 9/10 · les 4",
                                "recovery_course",
                                pinned=True,
                            ),
                            chip("Stemmen horen", "19.00–20.30 · 6/10", "peer_group"),
                        ],
                        2: [
                            chip("Verkennend gesprek", "9.00–10.15", talk),
                            chip("Verkennend gesprek", "10.30–11.45", talk),
                        ],
                        3: [
                            chip(
                                "Omgaan met geld",
                                "19.00–21.00 · 7/8 · start",
                                "recovery_course",
                                selected=True,
                                moved=True,
                            )
                        ],
                        4: None,
                    },
                ),
                room(
                    "Atelier",
                    "8 · keuken",
                    {
                        0: [chip("Inloop", "13.00–16.00 · open", "drop_in")],
                        1: [
                            chip("Creatief herstel", "13.30–15.30 · 7/8", "peer_group")
                        ],
                        3: [
                            chip(
                                "WRAP",
                                "9.30–12.00 · 8/8 · les 2",
                                "recovery_course",
                                conflict=True,
                            )
                        ],
                        4: None,
                    },
                ),
            ],
        ),
        SimpleNamespace(
            name="Wijkcentrum De Linde, Raalte",
            hours="· aanvraag bij beheerder · ma–vr 8.30–22.00",
            rooms=[
                room(
                    "Zaal 2",
                    "16 · ringleiding",
                    {
                        0: [
                            chip(
                                "ACT-groep",
                                "13.00–15.00 · 8/8 · 5 van 8",
                                "group_treatment",
                            )
                        ],
                        2: [
                            chip(
                                "Grip op je dip",
                                "19.00–20.30 · 6/8 · les 3",
                                "recovery_course",
                            )
                        ],
                        3: [
                            chip(
                                "Mantelzorgcafé",
                                "14.00–16.00 · open",
                                "peer_group",
                                cancelled=True,
                            )
                        ],
                        4: [
                            chip("MBCT", "9.30–11.30 · 7/8 · start", "group_treatment"),
                            chip("Eén-op-één", "13.00–13.45", "one_to_one"),
                        ],
                    },
                ),
            ],
        ),
        SimpleNamespace(
            name="Online",
            hours="",
            rooms=[
                room(
                    "Beeldbellen",
                    "",
                    {
                        0: [
                            chip(
                                "Piekeren de baas",
                                "19.30–21.00 · 8/8",
                                "recovery_course",
                                format="online",
                            )
                        ],
                        2: [
                            chip(
                                "Slaapcursus",
                                "19.00–20.00 · 5/8 · start",
                                "recovery_course",
                                format="online",
                            )
                        ],
                        3: [chip("Meedenken", "12.00–12.30", "consultation")],
                    },
                )
            ],
        ),
    ]
    return {
        "days": DAYS,
        "centres": centres,
        "kinds": ["peer", "course", "ggz", "online", "talk", "dropin", "single"],
        "views": [
            ("Ruimtes", "#r", True),
            ("Begeleiders", "#b", False),
            ("Tabel", "#t", False),
        ],
    }


def left_out() -> dict[str, Any]:
    rows = [
        SimpleNamespace(
            who="Inwoner 2291",
            facts="Olst · wacht 5 weken",
            late="1 week boven de norm",
            why="De groep die past is op dinsdagochtend vol, en op andere tijden is er "
            "geen begeleider die deze cursus mag geven.",
            rules=[
                "groep vol",
                "bevoegdheid begeleider",
                "beschikbaar: alleen ochtend",
            ],
            options=[
                ("8 → 9 plekken in de groep", "ruimte is groot genoeg", "Doen"),
                ("Wachten op januari", "start 12 januari, plek gereserveerd", "Kies"),
            ],
        ),
        SimpleNamespace(
            who="Inwoner 1873",
            facts="Twello · wacht 2 weken",
            late="",
            why="Met maximaal 15 minuten reizen is er geen drempelvrije ruimte open op "
            "de avonden waarop deze inwoner kan.",
            rules=["reistijd ≤ 15 min", "drempelvrij", "alleen avond"],
            options=[
                ("Online groep, woensdag 19.00", "alleen als hij dat wil", "Stel voor"),
                ("22 minuten reizen, Deventer", "donderdag 19.00", "Stel voor"),
            ],
        ),
    ]
    return {"rows": rows, "pages": Paginator(range(410), 10).page(7)}


def resident() -> dict[str, Any]:
    return {
        "themes": [
            ("Geld", "course", "chart-column"),
            ("Stress", "talk", "activity"),
            ("Wonen", "ggz", "house"),
            ("Alleen zijn", "peer", "heart-handshake"),
            ("Werk of school", "online", "book-open"),
            ("Iets anders", "other", "circle-help"),
        ]
    }


def parts() -> dict[str, Any]:
    form = SampleForm({"name": "", "mail": "geen adres", "note": "Tot dan"})
    return {
        "form": form,
        "steps_items": [
            ("done", "Gegevens nagekeken", "Niets mist."),
            ("current", "Plan wordt gemaakt", "Nog hoogstens 40 seconden."),
            ("todo", "U kijkt het na", ""),
        ],
        "points": [
            (0, None, 412.0),
            (2, 290.0, 401.5),
            (6, 352.5, 385.0),
            (14, 366.0, 374.0),
            (40, 371.0, 372.4),
        ],
    }


PAGES = {
    "board": board,
    "leftout": left_out,
    "resident": resident,
    "parts": parts,
}


def request(path: str = "/") -> HttpRequest:
    """A request of nobody in particular."""
    asked = RequestFactory().get(path)
    asked.user = AnonymousUser()
    return asked


def render(source: str, context: dict[str, Any]) -> str:
    """Render template source the way a view would, with the context processors."""
    return engines["django"].from_string(source).render(context, request())


def gallery(name: str) -> str:
    """One page of the gallery, with the menu of a coordinator."""
    context = PAGES[name]()
    context["navigation"] = [
        {"label": label, "href": f"#{index}", "current": not index, "exact": True}
        for index, label in enumerate(MENU)
    ]
    return render((GALLERY / f"{name}.html").read_text("utf-8"), context)
