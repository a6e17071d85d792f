"""Other servers: requests for inputs, their services, and calls of webhooks."""
