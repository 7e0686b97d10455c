"""The words of mails with a link: neutral, no title of a group, no name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.services import Wording

JOIN = Wording(
    subject=_("Here is the link"),
    formal=pgettext_lazy(
        "u",
        "Somebody wrote this address on our site to ask for something. Was it you? "
        "Open the link and press the button there. The link works once, for two days. "
        "Was it not you? Then do nothing. We keep nothing about you.",
    ),
    informal=pgettext_lazy(
        "je",
        "Somebody wrote this address on our site to ask for something. Was it you? "
        "Open the link and press the button there. The link works once, for two days. "
        "Was it not you? Then do nothing. We keep nothing about you.",
    ),
    link_words=_("Open the link"),
)
SIGN_IN = Wording(
    subject=_("A link to sign in"),
    formal=pgettext_lazy(
        "u",
        "Open the link and press the button there to sign in. The link works once, for "
        "one hour. Did you not ask for this? Then do nothing.",
    ),
    informal=pgettext_lazy(
        "je",
        "Open the link and press the button there to sign in. The link works once, for "
        "one hour. Did you not ask for this? Then do nothing.",
    ),
    link_words=_("Open the link"),
)
UNKNOWN = Wording(
    subject=_("A link to sign in"),
    # Nobody who is known: "u" it is.
    formal=_(
        "Somebody asked for a link to sign in with this address. We cannot send one to "
        "this address. Do you work here? Then sign in with your password."
    ),
    informal=_(
        "Somebody asked for a link to sign in with this address. We cannot send one to "
        "this address. Do you work here? Then sign in with your password."
    ),
    link_words=_("Sign in"),
)
ADDRESS = Wording(
    subject=_("A new e-mail address"),
    formal=pgettext_lazy(
        "u",
        "Somebody wrote this address on our site as a new address. Was it you? Open "
        "the link and press the button there. The link works once, for two days. Was "
        "it not you? Then do nothing.",
    ),
    informal=pgettext_lazy(
        "je",
        "Somebody wrote this address on our site as a new address. Was it you? Open "
        "the link and press the button there. The link works once, for two days. Was "
        "it not you? Then do nothing.",
    ),
    link_words=_("Open the link"),
)
CHANGED = Wording(
    subject=_("The e-mail address was changed"),
    formal=pgettext_lazy(
        "u",
        "Your messages now go to another e-mail address. Did you do this? Then all is "
        "well. Was it not you? Call the organisation that helps you.",
    ),
    informal=pgettext_lazy(
        "je",
        "Your messages now go to another e-mail address. Did you do this? Then all is "
        "well. Was it not you? Call the organisation that helps you.",
    ),
)
