"""Ready-made code on the page of a task: a module for each language of clients."""
