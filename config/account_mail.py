"""Mail about accounts, through the outbox like all mail of the site.

What somebody asked for just now (a link for a new password) goes at once, also in quiet
hours, and is not reviewed. Its words are secret: nobody sees them in the outbox, and
they are wiped when they have gone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit.actor import Actor
from messaging.enums import MessageKind
from messaging.services import Letter, Wording, letter, queue_letters


def _wording(subject: Any, text: Any, link_words: Any = "") -> Wording:
    """An account belongs to no organisation yet that says je: "u" it is."""
    return Wording(subject=subject, formal=text, informal=text, link_words=link_words)


RESET = _wording(
    _("A new password"),
    _(
        "You asked for a new password. Choose one with the button below. Did you not "
        "ask for this? Then you need not do anything: your password stays as it is."
    ),
    _("Choose a new password"),
)
CONFIRM = _wording(
    _("Is this your e-mail address?"),
    _(
        "Somebody wrote down this e-mail address at GEM. Is it yours? Say so with the "
        "button below. If not, you need not do anything."
    ),
    _("Yes, this is my address"),
)
UNKNOWN = _wording(
    _("Signing in to GEM"),
    _(
        "Somebody tried to sign in with this e-mail address, but there is no account "
        "for it. Was it you? Try another address, or ask the organisation that helps "
        "you. If it was not you, you need not do anything."
    ),
)
LINKS: Mapping[str, tuple[Wording, str]] = {
    "account/email/password_reset_key": (RESET, "password_reset_url"),
    "account/email/email_confirmation": (CONFIRM, "activate_url"),
    "account/email/email_confirmation_signup": (CONFIRM, "activate_url"),
    "account/email/unknown_account": (UNKNOWN, ""),
}
"""Our own words for what allauth sends, and the name of the link in its context."""


def queue_account_mail(
    *, template: str, address: str, context: Mapping[str, Any], drawn: EmailMessage
) -> None:
    """Put a mail about an account in the outbox; it goes as soon as it can.

    `template` is allauth's name of the mail. For one that has no words of our own here
    those of allauth (`drawn`) are used.
    """
    common: dict[str, Any] = {
        "key": f"account-{uuid.uuid4().hex}",
        "address": address,
        "kind": MessageKind.ACCOUNT,
        "secret": True,
        "urgent": True,
        "review": False,
    }
    language = "en" if (get_language() or "nl").startswith("en") else "nl"
    if template in LINKS:
        wording, name = LINKS[template]
        link = str(context.get(name, "")) if name else ""
        one = letter(wording, language=language, link=link, **common)
    else:
        one = Letter(
            subject=str(drawn.subject),
            body=str(drawn.body),
            language=language,
            **common,
        )
    queue_letters(actor=Actor.system("account.mail"), letters=[one])
