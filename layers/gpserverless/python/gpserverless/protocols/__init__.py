"""How callers speak to us; no protocol knows another."""
