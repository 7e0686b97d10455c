"""Pages of referrers, professionals, helpers and residents who ask for a talk."""
