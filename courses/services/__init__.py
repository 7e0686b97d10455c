"""The writes of courses. Every function takes `actor=` and is logged."""

from courses.services.agenda import (
    Changes,
    DoubleBooking,
    SessionFacts,
    bookings_deferred,
    cancel_series,
    cancel_session,
    lock_series,
    move_session,
    publish_series,
    replace_leaders,
)
from courses.services.catalogue import create_offering, create_series, create_theme
from courses.services.enrol import EnrolResult, accept_offer, enrol, withdraw
from courses.services.held import confirm_held_seats, drop_held_seats, hold_seats
from courses.services.register import (
    Choice,
    register,
    set_group_first_aside,
    set_one_to_one_reason,
    withdraw_registration,
)
from courses.services.single import (
    ask_once,
    finish_conversation,
    hand_over,
    set_proposed,
)
from courses.services.waiting import (
    join_waiting_list,
    lapse_offers,
    offer_free_seats,
)

__all__ = [
    "Changes",
    "Choice",
    "DoubleBooking",
    "EnrolResult",
    "SessionFacts",
    "accept_offer",
    "ask_once",
    "bookings_deferred",
    "cancel_series",
    "cancel_session",
    "confirm_held_seats",
    "create_offering",
    "create_series",
    "create_theme",
    "drop_held_seats",
    "enrol",
    "finish_conversation",
    "hand_over",
    "hold_seats",
    "join_waiting_list",
    "lapse_offers",
    "lock_series",
    "move_session",
    "offer_free_seats",
    "publish_series",
    "register",
    "replace_leaders",
    "set_group_first_aside",
    "set_one_to_one_reason",
    "set_proposed",
    "withdraw",
    "withdraw_registration",
]
