"""Filters that tell rows of courses in words."""
