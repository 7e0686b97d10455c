"""Other solvers, to hold the planner against: never imported by the product."""
