"""Warnings about a rewriting, in a document of its own that has no list of messages from its run."""

from __future__ import annotations

from collections.abc import Sequence

TYPE = "esriJobMessageTypeWarning"


def make_warnings(texts: Sequence[str]) -> list[dict[str, str]]:
    """Return warnings as messages of a run are written.

    Args:
        texts: Their sentences.
    """
    return [{"type": TYPE, "description": text} for text in texts]
