"""Offerings, series, sessions, registrations and enrolments."""
