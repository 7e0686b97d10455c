"""Reading a centre's own agenda: fetched from outside, worked out, and kept as hours.

Whatever comes from outside is distrusted: the address (`fetch`), the file (`read`),
and its size and patience. Nothing of an appointment but its hours goes further.
"""
