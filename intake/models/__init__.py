"""Referrals, proposed times, outcomes, consultations and requests for a talk."""

from intake.models.consultation import Consultation
from intake.models.outcome import Outcome
from intake.models.proposal import ProposedTime
from intake.models.referral import Referral
from intake.models.talk import TalkRequest

__all__ = ["Consultation", "Outcome", "ProposedTime", "Referral", "TalkRequest"]
