"""From a typed function to a task that can be described, called and run."""
