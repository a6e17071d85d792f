"""Files that callers upload before they run a task with them."""
