"""Limits of outputs, the same for `execute` and for jobs."""

from __future__ import annotations

INLINE_BYTES = 4_000_000
"""Size up to which outputs go into an answer; larger ones are stored and linked. The payload of a function
ends at 6 MB, and base64 makes a body longer by a third; the messages of a run fit beside this."""

LINK_SECONDS = 15 * 60
"""Longest lifetime of a signed link."""
