"""Commands: the small installation, demo sign-in codes, the reference pages."""
