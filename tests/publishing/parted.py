"""A week that was published, split, published again, and gone back to."""

from __future__ import annotations

from typing import Any

from courses.models import Series
from publishing.services.release import preview, release
from scheduling.models import Schedule
from scheduling.services.edits import MoveRefused
from tests.scheduling.halves import Large
from tests.scheduling.rows import ACTOR


class Split(Large):
    """A week that was published, and published again with the group split in two."""

    def __init__(self) -> None:
        super().__init__()
        self.before = self.draft
        self.release()
        self.draft = self.again()
        self.split()
        self.parted = self.draft
        self.release()
        self.half = Series.objects.exclude(pk=self.group.pk).get(offering=self.offering)
        self.draft = self.again()

    def release(self) -> None:
        self.draft.refresh_from_db()
        release(actor=ACTOR, user=self.user, schedule=self.draft)

    def decide(self, what: Any, series: Series, **more: Any) -> None:
        wanted = {"actor": ACTOR, "user": self.user, "schedule": self.draft}
        wanted |= {"series_id": series.pk, "version": self.version()} | more
        try:
            what(**wanted)
        except MoveRefused as refused:
            what(**wanted | {"accept": [one.key for one in refused.breaches]})
        self.release()

    def go(self, schedule: Schedule) -> Any:
        schedule.refresh_from_db()
        seen = preview(actor=ACTOR, schedule=schedule)
        accept = [one.key for one in seen.breaches]
        release(actor=ACTOR, user=self.user, schedule=schedule, accept=accept)
        return seen

    def placed(self, series: Series) -> int:
        return series.enrolments.filter(state="enrolled").count()

    def state(self, series: Series) -> str:
        return str(Series.objects.get(pk=series.pk).state)
