"""The writes of publishing: feed addresses, releases, the calendar."""
