"""The model of a job's life, and what checks it."""
