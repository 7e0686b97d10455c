"""What to do when something happens to a published plan: the least change.

An event changes the facts; what the published plan breaks under the new facts is freed,
nothing else; the freed part is planned anew in an order of its own (``order``), in
which every change costs more than anything it could win. Only ``mend`` and ``model``
load the engine.
"""
