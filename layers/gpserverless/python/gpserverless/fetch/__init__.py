"""Other servers: the one door to inputs that lie there, what is understood behind it, and webhooks."""
