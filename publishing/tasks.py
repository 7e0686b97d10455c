"""Background work of publishing."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from publishing.services.calendar import differences, mirror_series

logger = logging.getLogger(__name__)


@app.periodic(cron="47 3 * * *")
@app.task(name="publishing.reconcile_calendar", queue="care", queueing_lock="reconcile")
def reconcile_calendar(timestamp: int) -> None:  # noqa: ARG001 (its signature)
    """Write the calendar of series anew of which it shows other dates (every night)."""
    found = differences()
    if found:
        logger.warning("the calendar differed on %s dates and was mended", len(found))
        mirror_series(series_ids={one.series_id for one in found})
