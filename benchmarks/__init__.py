"""Measures the planner, and other solvers on the same problem files."""
