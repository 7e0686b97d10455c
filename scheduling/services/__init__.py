"""The writes of planning: runs, drafts and what a coordinator changes in them."""
