"""The pages of courses: the offer for everyone, and a resident's own part in it."""
