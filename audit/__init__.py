"""Append-only log of who saw which personal data, when and why."""
