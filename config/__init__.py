"""Settings, addresses and start-up of GEM-planner: the top layer."""
