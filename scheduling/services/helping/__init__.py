"""Helping who is left out: the ways that a plan named, applied to the rows.

Everything goes through here: it checks, writes down who did it and who agreed, logs it,
asks who has to be asked, and knows how to undo it. A plan is not changed by it: the
next one is made with the new facts.
"""

from scheduling.services.helping.decide import (
    add_leader,
    allow_one_to_one,
    ask_centre,
    propose_course,
    put_on_next_term,
    set_group_first,
)
from scheduling.services.helping.open import (
    Subject,
    WayOpen,
    helped_before,
    is_care,
    leaders_in,
    may_apply,
    open_way,
    open_ways,
    standing_step,
    steps_of,
    subject_of,
    undoable,
    waiting_answers,
    within,
    within_organisation,
)
from scheduling.services.helping.steps import (
    answer_step,
    apply_way,
    ask_for_way,
    undo_step,
)

__all__ = [
    "Subject",
    "WayOpen",
    "add_leader",
    "allow_one_to_one",
    "answer_step",
    "apply_way",
    "ask_centre",
    "ask_for_way",
    "helped_before",
    "is_care",
    "leaders_in",
    "may_apply",
    "open_way",
    "open_ways",
    "propose_course",
    "put_on_next_term",
    "set_group_first",
    "standing_step",
    "steps_of",
    "subject_of",
    "undo_step",
    "undoable",
    "waiting_answers",
    "within",
    "within_organisation",
]
