"""Why somebody has no seat and a group is not held, and what it would take.

Loads the engine: import it where it is used.
"""

from scheduling.solver.explain.grid import GIVEN_RULES
from scheduling.solver.explain.reasons import FIRST_NAMED, Explainer, explain
from scheduling.solver.explain.told import Told, tell
from scheduling.solver.explain.ways import Way, Ways

__all__ = [
    "FIRST_NAMED",
    "GIVEN_RULES",
    "Explainer",
    "Told",
    "Way",
    "Ways",
    "explain",
    "tell",
]
