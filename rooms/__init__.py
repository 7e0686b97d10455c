"""Centres, rooms, opening hours and bookings."""
