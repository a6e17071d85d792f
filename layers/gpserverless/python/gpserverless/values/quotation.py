"""Quotation of values in error messages."""

from __future__ import annotations

from typing import Any

from gpserverless.values.secrets import blank_secrets

_LONGEST = 60
"""Characters of a value that are quoted."""

_READ_FOR_SECRETS = 2_000
"""Characters of a value among which secrets are looked for, before it is cut."""


def quoted(raw: Any) -> str:
    """Return a value in quotation marks for an error message: 60 characters, on one line, without secrets.

    Args:
        raw: A text, or any value; one that is no text is quoted as Python writes it.
    """
    text = raw if isinstance(raw, str) else repr(raw)
    text = blank_secrets(text[:_READ_FOR_SECRETS])
    line = "".join(c if c.isprintable() else " " for c in text[:_LONGEST])
    return f"'{line}…'" if len(text) > _LONGEST else f"'{line}'"
