"""A week that was published, published again with decisions, and gone back to."""

from __future__ import annotations

from typing import Any

from courses.models import Enrolment, Registration, RegistrationChoice, Series
from publishing.services.release import preview, release
from scheduling.models import Schedule
from scheduling.services.edits import MoveRefused
from scheduling.services.redrafts import draft_of_published
from tests.factories import RegistrationChoiceFactory, RegistrationFactory
from tests.scheduling.rows import ACTOR, MONDAY
from tests.scheduling.small import Small


class Decided(Small):
    """The week as it was published, and a draft to decide in.

    ``before`` is the schedule without any decision. Somebody waits for the small group
    alone, and pauses, so that no seat is offered.
    """

    def __init__(self, **numbers: int) -> None:
        super().__init__(**numbers)
        self.waits = RegistrationFactory(paused_until="2027-03-01")
        RegistrationChoiceFactory(registration=self.waits, series=self.group)
        self.before = self.draft
        self.publish()
        self.redraft()

    def redraft(self) -> None:
        self.draft = draft_of_published(actor=ACTOR, user=self.user, monday=MONDAY)

    def publish(self) -> Any:
        self.draft.refresh_from_db()
        return release(actor=ACTOR, user=self.user, schedule=self.draft)

    def decide(self, what: Any, **more: Any) -> Any:
        """Put a decision in the draft, accept what it breaks, and publish."""
        try:
            self.act(what, **more)
        except MoveRefused as refused:
            self.act(what, accept=[one.key for one in refused.breaches], **more)
        return self.publish()

    def go(self, schedule: Schedule) -> Any:
        """Go back (or forward) to a schedule as it was looked at; that preview."""
        schedule.refresh_from_db()
        seen = preview(actor=ACTOR, schedule=schedule)
        accept = [one.key for one in seen.breaches]
        self.last = release(
            actor=ACTOR,
            user=self.user,
            schedule=schedule,
            accept=accept,
            looked_at=seen.mark,
        )
        schedule.refresh_from_db()
        assert schedule.state == "published"
        return seen

    def back(self) -> Any:
        """Go back to the schedule from before."""
        return self.go(self.before)

    def told(self) -> set[int]:
        """Whom the last going back has a message for."""
        found = self.last.changes
        return {person for change in found for person in change["persons"]}

    def picture(self) -> dict[str, Any]:
        """All that going back restores; of what is cancelled, that it is."""
        running = ("published", "running")
        series = Series.objects.filter(offering=self.offering).order_by("pk")
        return {
            "groups": {
                one.pk: one.room_id if one.state in running else "stopped"
                for one in series
            },
            "sessions": {
                session.pk: (
                    session.room_id,
                    session.online,
                    session.period,
                    sorted(session.leaders.values_list("pk", flat=True)),
                )
                if session.state == "published"
                else "cancelled"
                for one in series
                for session in one.sessions.all()
            },
            "seats": sorted(
                Enrolment.objects.filter(state="enrolled").values_list(
                    "registration_id", "series_id"
                )
            ),
            "asking": sorted(
                Registration.objects.values_list("pk", "state", "registered_at")
            ),
            "choices": sorted(
                RegistrationChoice.objects.values_list(
                    "registration_id", "rank", "offering_id", "series_id"
                ),
                key=repr,
            ),
        }
