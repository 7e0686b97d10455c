"""Pages on which people see and change what is kept of them."""
