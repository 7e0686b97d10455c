"""The writes of courses. Every function takes `actor=` and is logged."""

from courses.seats import lock_registrations, lock_series
from courses.services.agenda import (
    Changes,
    DoubleBooking,
    SessionFacts,
    bookings_deferred,
    cancel_series,
    cancel_session,
    move_session,
    publish_series,
    replace_leaders,
)
from courses.services.assignments import (
    Asked,
    answer_assignment,
    answer_by_link,
    ask_leaders,
    asked_in_vain,
    assignment_by_link,
    drop_askings,
)
from courses.services.attendance import (
    Line,
    Sheet,
    SheetChanged,
    blocks_of,
    led_session,
    read_sheet,
    save_sheet,
    takes_attendance,
    undo_sheet,
)
from courses.services.catalogue import create_offering, create_series, create_theme
from courses.services.closing import close_finished
from courses.services.enrol import EnrolResult, accept_offer, enrol, withdraw
from courses.services.held import confirm_held_seats, drop_held_seats, hold_seats
from courses.services.promote import offer_free_seats, promote, sweep
from courses.services.register import (
    Choice,
    register,
    set_group_first_aside,
    set_one_to_one_reason,
    withdraw_registration,
)
from courses.services.reminders import remind_of_sessions
from courses.services.single import (
    ask_once,
    finish_conversation,
    hand_over,
    set_proposed,
)
from courses.services.turns import change_need_class, offer_out_of_turn
from courses.services.waiting import (
    join_waiting_list,
    lapse_offers,
    remind_offers,
)

__all__ = [
    "Asked",
    "Changes",
    "Choice",
    "DoubleBooking",
    "EnrolResult",
    "Line",
    "SessionFacts",
    "Sheet",
    "SheetChanged",
    "accept_offer",
    "answer_assignment",
    "answer_by_link",
    "ask_leaders",
    "ask_once",
    "asked_in_vain",
    "assignment_by_link",
    "blocks_of",
    "bookings_deferred",
    "cancel_series",
    "cancel_session",
    "change_need_class",
    "close_finished",
    "confirm_held_seats",
    "create_offering",
    "create_series",
    "create_theme",
    "drop_askings",
    "drop_held_seats",
    "enrol",
    "finish_conversation",
    "hand_over",
    "hold_seats",
    "join_waiting_list",
    "lapse_offers",
    "led_session",
    "lock_registrations",
    "lock_series",
    "move_session",
    "offer_free_seats",
    "offer_out_of_turn",
    "promote",
    "publish_series",
    "read_sheet",
    "register",
    "remind_of_sessions",
    "remind_offers",
    "replace_leaders",
    "save_sheet",
    "set_group_first_aside",
    "set_one_to_one_reason",
    "set_proposed",
    "sweep",
    "takes_attendance",
    "undo_sheet",
    "withdraw",
    "withdraw_registration",
]
