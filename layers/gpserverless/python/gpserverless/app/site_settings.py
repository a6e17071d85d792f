"""Settings that the functions behind the gateway share."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.access.quotas import Quotas
from gpserverless.settings import Settings


@dataclass(frozen=True)
class SiteSettings(Settings):
    """Settings of a function that answers for services."""

    public_url: str
    switched_on: frozenset[str]
    secured: bool
    access_table: str


@dataclass(frozen=True)
class QuotaSettings(SiteSettings):
    """Settings of a function that holds callers to quotas."""

    table: str
    quota_jobs: int
    quota_seconds: int
    quota_megabytes: int
    quota_open_jobs: int

    @property
    def quotas(self) -> Quotas:
        """The quotas."""
        return Quotas(self.quota_jobs, self.quota_seconds, self.quota_megabytes, self.quota_open_jobs)
