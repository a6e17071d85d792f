"""The keys of the rows of access; template.yaml says by their beginnings which function reads which."""

from __future__ import annotations

import hashlib

SIGNING_KEYS = "KEYS"
USER = "USER#"
PASSWORD = "PASSWORD#"  # noqa: S105 - the beginning of a key
API_KEY = "APIKEY#"
DENIED = "DENY#"
CODE = "CODE#"
COUNT = "COUNT#"

READ_BY_ALL = (SIGNING_KEYS, f"{USER}*", f"{DENIED}*", f"{API_KEY}*")
"""Patterns of the keys that a function needs which only tells callers."""


def hash_secret(secret: str) -> str:
    """Return the name under which a random secret is stored, from which nobody can tell it.

    Args:
        secret: A code or an API key: 32 random bytes need no slow hash.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
