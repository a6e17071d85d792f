"""Feature layers: a result as one SQLite file, and queries on it."""
