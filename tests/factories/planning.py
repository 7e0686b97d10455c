"""Rows of planning that stand alone."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from scheduling.models import WishImportance
from scheduling.services.wishes import WEIGHED


class WishImportanceFactory(DjangoModelFactory):
    class Meta:
        model = WishImportance

    wish = factory.Sequence(lambda number: WEIGHED[number % len(WEIGHED)].id)
    importance = "more"
