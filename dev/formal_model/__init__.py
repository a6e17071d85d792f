"""The model of a job's life, and its checks."""
