"""For authors of clients: every encoding, every failure. Published only when PUBLISH_CONFORMANCE is on."""
