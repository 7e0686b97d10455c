"""Pages on which a coordinator keeps the facts: what is offered, where, and by whom.

`forms` makes a form of a row and `page` shows and keeps it; the other modules say, for
one kind of row each, what is asked and what can be done.
"""
