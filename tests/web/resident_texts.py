"""Every text that residents read, in Dutch, by the file that it stands in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    "courses/templates/courses/*.html",
    "courses/cards.py",
    "courses/forms.py",
    "courses/forms_contact.py",
    "courses/forms_joining.py",
    "courses/forms_somebody.py",
    "courses/services/ask.py",
    "courses/services/changes.py",
    "courses/services/link_words.py",
    "courses/services/enrol.py",
    "courses/services/links.py",
    "courses/services/on_behalf.py",
    "courses/services/reminders.py",
    "courses/services/turns.py",
    "courses/services/waiting.py",
    "courses/words.py",
    "courses/suitability.py",
    "courses/services/told.py",
    "courses/views/*.py",
    "intake/own_page.py",
    "intake/services/letters.py",
    "intake/services/proposals.py",
    "messaging/wording.py",
    "people/services/erasure.py",
    "publishing/services/notices.py",
    "intake/templates/intake/talk.html",
    "people/forms.py",
    "people/templates/people/wishes.html",
    "people/templates/people/own.html",
    "people/templates/people/erase.html",
    "people/templates/people/looked.html",
    "people/views/looked.py",
    "people/views/own.py",
    "publishing/templates/publishing/times*.html",
    "publishing/templates/publishing/link_over.html",
    "publishing/templates/publishing/no_times.html",
    "publishing/views/conversations.py",
    "publishing/templates/publishing/address.html",
    "scheduling/resident_words.py",
    "scheduling/templates/scheduling/why.html",
    "publishing/templates/publishing/fresh_address.html",
    "templates/400.html",
    "templates/403.html",
    "templates/404.html",
    "templates/429.html",
    "templates/500.html",
    "templates/account/login.html",
    "templates/account/signup_closed.html",
    "templates/components/footer.html",
    "templates/components/error*.html",
    "templates/pages/*.html",
)
"""Where what residents read is written; a place without a file is a fault."""
CALLS = {
    "_": None,
    "_now": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def files() -> list[Path]:
    """The files of the places."""
    return sorted({path for place in PLACES for path in ROOT.glob(place)})


@cache
def dutch() -> dict[tuple[str | None, str], tuple[str, ...]]:
    """Dutch by context and English; parts that are not merged yet count too."""
    found: dict[tuple[str | None, str], tuple[str, ...]] = {}
    catalogues = [
        *(ROOT / "locale" / "parts").glob("*.po"),
        *ROOT.glob("locale/nl/LC_MESSAGES/*.po"),
    ]
    for path in catalogues:
        with path.open("rb") as stream:
            for message in read_po(stream, locale="nl"):
                english = message.id if isinstance(message.id, str) else message.id[0]
                words = message.string
                known = (words,) if isinstance(words, str) else tuple(words)
                if english and any(known):
                    found[message.context, english] = known
    return found


def texts_in(path: Path) -> Iterator[str]:
    """The Dutch of every text in a file; a text without Dutch is left out."""
    source = path.read_text("utf-8")
    if path.suffix == ".html":
        source = templatize(source)
    stream = io.BytesIO(source.encode())
    for _line, call, message, _comments in extract_python(stream, CALLS, [], {}):
        parts = (message,) if isinstance(message, str) else message
        context = parts[0] if call in {"pgettext", "pgettext_lazy"} else None
        english = parts[1] if context is not None else parts[0]
        yield from dutch().get((context, english), ())
