"""The GPServer protocol: from requests to calls of the rooms below, and from their results to answers."""
