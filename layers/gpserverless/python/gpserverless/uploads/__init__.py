"""Uploads: files that callers bring before they run a task with them."""
