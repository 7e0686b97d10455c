"""Referrals, exploratory conversations and consultations."""
