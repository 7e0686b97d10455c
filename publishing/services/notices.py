"""Messages after a release: one for each person it concerns, neutral, to review."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.actor import Actor
from messaging.services import queue
from people.selectors import persons_by_id
from publishing.changes import Change
from publishing.models import Release


def queue_notices(*, actor: Actor, release: Release, changes: Iterable[Change]) -> int:
    """Put one message for each person in the outbox; how many.

    It says that something changed and not what: what and where is behind the sign-in.
    """
    concerned = sorted({pk for change in changes for pk in change.persons})
    persons = persons_by_id(actor=actor, person_ids=concerned)
    for person in persons:
        language = "nl" if "nl" in person.languages else "en"
        with override(language):
            queue(
                actor=actor,
                recipient=person,
                subject=str(_("There is a change in your agenda")),
                body=str(
                    _(
                        "Hello,\n\nSomething changed in your agenda. "
                        "Sign in to GEM to see what.\n\nKind regards,\nGEM"
                    )
                ),
                key=f"release-{release.pk}-{person.pk}",
                release=str(release.pk),
                language=language,
            )
    return len(persons)
