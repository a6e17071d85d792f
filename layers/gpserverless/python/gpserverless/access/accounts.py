"""Everything that access can do, put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gpserverless.access.credentials import Identify
from gpserverless.access.exchange import Exchange
from gpserverless.access.oauth.oauth import OAuth
from gpserverless.access.ports import AccessRows
from gpserverless.access.revocation import Revocation
from gpserverless.access.sign_in import SignIn
from gpserverless.clock import Clock


@dataclass(frozen=True)
class AccessRules:
    """The rules of a site.

    Attributes:
        site: Name of the site in tokens, so that those of another count nowhere else.
        default_minutes: Life of a token for which none is asked.
        most_minutes: Longest life of a token.
        redirects: Redirect addresses of applications, by `client_id`.
    """

    site: str
    default_minutes: int = 60
    most_minutes: int = 1440
    redirects: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Accounts:
    """The parts of access that make and end tokens. Only the function of the sign-in has them.

    Attributes:
        sign_in: A password for a token.
        exchange: A token for a token.
        revocation: The end of a token.
        oauth: The sign-in page of applications.
        identify: The caller of a request.
    """

    sign_in: SignIn
    exchange: Exchange
    revocation: Revocation
    oauth: OAuth
    identify: Identify

    @classmethod
    def of(cls, rows: AccessRows, rules: AccessRules, clock: Clock) -> Accounts:
        """Put the parts together.

        Args:
            rows: The table.
            rules: The rules of the site.
            clock: The time.
        """
        raise NotImplementedError
