"""Users, passwords, tokens and keys: who may call."""
