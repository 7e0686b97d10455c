"""Rows become facts once, on the way in; a plan becomes rows once, on the way out."""
