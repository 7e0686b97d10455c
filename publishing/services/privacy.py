"""A resident hears that an erasure waits: people keeps it, the mail goes from here.

The GDPR (article 12(4)) wants it told without delay, with the reason; the reason itself
stands behind the sign-in, as everything does.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.actor import Actor
from messaging.services import Wording, letter, queue_letters
from people.services.erasure import held_requests
from publishing.services.tell import site_link

IT_WAITS = Wording(
    subject=pgettext_lazy("subject", "About what you asked us"),
    formal=pgettext_lazy(
        "u",
        "We cannot do yet what you asked about your data. Sign in to GEM to read why, "
        "and until when.",
    ),
    informal=pgettext_lazy(
        "je",
        "We cannot do yet what you asked about your data. Sign in to GEM to read why, "
        "and until when.",
    ),
    link_words=_("Read why"),
)


def tell_held(*, actor: Actor) -> int:
    """Write to whose erasure waits, once for each time; how many messages are new."""
    letters = [
        letter(
            IT_WAITS,
            key=f"erasure-waits-{row.pk}-{row.held_at:%Y%m%d%H%M%S}",
            recipient=row.person,
            link=site_link("people:erase"),
            review=False,
        )
        for row in held_requests()
    ]
    return len(queue_letters(actor=actor, letters=letters)) if letters else 0
