"""Database backend that starts a private PostgreSQL on the first connection."""
