"""Outbox for notices by mail."""
