"""See each command's own help."""
