"""Messages after a release: one for each person it concerns, neutral, to review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.actor import Actor
from messaging.services import queue_for_all
from people.selectors import persons_by_id
from publishing.changes import Change
from publishing.models import Release

if TYPE_CHECKING:
    from people.models import Person


def queue_notices(*, actor: Actor, release: Release, changes: Iterable[Change]) -> int:
    """Put one message for each person in the outbox; how many.

    It says that something changed and not what: what and where is behind the sign-in.
    """
    concerned = {pk for change in changes for pk in change.persons}
    by_language: dict[str, list[Person]] = defaultdict(list)
    for person in persons_by_id(actor=actor, person_ids=sorted(concerned)):
        by_language["nl" if "nl" in person.languages else "en"].append(person)
    queued = 0
    for language, persons in by_language.items():
        with override(language):
            queued += queue_for_all(
                actor=actor,
                recipients=persons,
                subject=str(_("There is a change in your agenda")),
                body=str(
                    _(
                        "Hello,\n\nSomething changed in your agenda. "
                        "Sign in to GEM to see what.\n\nKind regards,\nGEM"
                    )
                ),
                key=f"release-{release.pk}",
                release=str(release.pk),
                language=language,
            )
    return queued
