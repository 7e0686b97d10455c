"""How a message speaks: the language of the person, and je or u.

Every message is written once as a `Wording`: a subject, and a text for organisations
that say "u" and for those that say "je". Subjects and texts are neutral: no title of a
group, no centre, no name (NTA 7516).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

if TYPE_CHECKING:
    from people.models import Organisation, Person

Words = str | Promise
SITE_LANGUAGES = ("nl", "en")


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A message before it is written to anyone; all words are lazy translations.

    `formal` and `informal` are the same English sentences, told apart for Dutch by
    ``pgettext_lazy("u", ...)`` and ``pgettext_lazy("je", ...)``. Values are filled in
    with ``%(name)s``. `link_words` are those of the button, where there is one. Subject
    and button go to everybody, so in Dutch they say neither u nor je; words that a page
    says otherwise are ``pgettext_lazy("subject", ...)``.
    """

    subject: Words
    formal: Words
    informal: Words
    link_words: Words = ""


@dataclass(frozen=True, kw_only=True)
class Written:
    """The words of one message in one language."""

    subject: str
    body: str
    link_words: str
    language: str


def language_of(person: Person | None) -> str:
    """The language of the site that suits a person best: Dutch, else English."""
    if person is None or "nl" in person.languages:
        return "nl"
    return "en"


def says_je(person: Person | None, organisation: Organisation | None = None) -> bool:
    """Whether this organisation, or else the one that keeps the data, says "je"."""
    if organisation is None and person is not None:
        organisation = person.organisation
    return organisation is not None and organisation.form_of_address == "je"


def write(
    wording: Wording,
    *,
    recipient: Person | None = None,
    values: Mapping[str, Any] | None = None,
    language: str | None = None,
    organisation: Organisation | None = None,
) -> Written:
    """The words for one person: greeting, text and closing.

    `organisation` is whose form of address is used where the recipient is not known.
    `values` are turned to text in the language of the message: a moment to day and
    time, a date to its day, a lazy translation to its words.
    """
    language = language or language_of(recipient)
    with override(language):
        filled = {name: _in_words(value) for name, value in (values or {}).items()}
        je = says_je(recipient, organisation)
        text = wording.informal if je else wording.formal
        body = "\n\n".join(
            [str(_("Hello,")), str(text) % filled, str(_("Kind regards,\nGEM"))]
        )
        return Written(
            subject=str(wording.subject) % filled,
            body=body,
            link_words=str(wording.link_words),
            language=language,
        )


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return str(_("%(day)s at %(time)s")) % {
            "day": date_format(local, "l j F"),
            "time": date_format(local, "H.i"),
        }
    if isinstance(value, date):
        return date_format(value, "l j F")
    return str(value)
