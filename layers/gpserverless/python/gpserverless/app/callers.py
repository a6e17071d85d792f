"""The callers of a function: who they are, and how much they may use."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.access.credentials import Identify
from gpserverless.access.quotas import Quotas
from gpserverless.app.access import make_identify
from gpserverless.app.quotas import CallerQuotas
from gpserverless.app.site_settings import SiteSettings


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


@dataclass(frozen=True)
class Callers:
    """The facts about its callers that a function needs.

    Attributes:
        identify: Returns the caller of credentials.
        quotas: Counts the use of callers.
    """

    identify: Identify
    quotas: CallerQuotas

    @classmethod
    def of(cls, settings: QuotaSettings) -> Callers:
        """Return the callers of a function; nothing is loaded before a token comes or a quota counts.

        Args:
            settings: The settings of the function.
        """
        identify = make_identify(settings.public_url, settings.access_table)
        return cls(identify, CallerQuotas.of(settings.quotas, settings.table))
