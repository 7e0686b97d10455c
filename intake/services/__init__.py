"""The writes of intake. Every function takes `actor=` and is logged."""

from intake.services.consultations import ask_consultation, withdraw_consultation
from intake.services.referrals import (
    NOT_FOR_CRISIS,
    receive_referral,
    register_referral,
    target_days,
)

__all__ = [
    "NOT_FOR_CRISIS",
    "ask_consultation",
    "receive_referral",
    "register_referral",
    "target_days",
    "withdraw_consultation",
]
