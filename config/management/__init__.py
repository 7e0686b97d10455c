"""Commands of the whole program."""
