"""What going back would change, told to who judges a schedule."""

from __future__ import annotations

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Instead:
    """What going back changes of whole groups and seats, to be judged as if it were so.

    ``revived``: groups that take place again; ``stopped``: that do not any more;
    ``seats``: keys of enrolments that are taken again, ``left``: that are given up.
    """

    revived: frozenset[uuid.UUID] = frozenset()
    stopped: frozenset[uuid.UUID] = frozenset()
    seats: frozenset[int] = frozenset()
    left: frozenset[int] = frozenset()


AS_IT_IS = Instead()
