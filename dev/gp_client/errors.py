"""The error of the client."""

from __future__ import annotations


class GpError(Exception):
    """A site does not answer as it should; the text has its answer."""
