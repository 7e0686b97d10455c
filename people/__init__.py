"""Residents, facilitators, organisations and accounts."""
