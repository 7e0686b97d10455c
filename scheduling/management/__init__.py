"""Commands of the planner: problem files in, plans out; the week of the region."""
