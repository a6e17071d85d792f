"""The site of the wire tests, for requests from the field."""

from __future__ import annotations

from tests.wire.conftest import cloud, far, site

__all__ = ["cloud", "far", "site"]
