"""Settings that the functions behind the gateway share."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.settings import Settings


@dataclass(frozen=True)
class SiteSettings(Settings):
    """Settings of a function that answers for services."""

    public_url: str
    switched_on: frozenset[str]
    secured: bool
    access_table: str
    stores: tuple[str, ...]
