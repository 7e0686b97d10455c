"""How real sizes are planned: prices and bound, a greedy start, large neighbourhoods.

A model of the whole finds nothing here, so only small parts are ever given to the
engine; prices on seats, leaders and rooms say which parts and modes are worth it and
prove how good the plan is. The names and their reasons are in
``docs/explanation/model.md``.
"""
