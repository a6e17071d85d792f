"""Results on a map that the server draws: MapServer, of a service and of each of its jobs."""
