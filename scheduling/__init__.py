"""From rows to a plan and from a plan to a draft schedule."""
