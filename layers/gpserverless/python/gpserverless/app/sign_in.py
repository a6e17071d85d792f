"""The function that reads passwords: tokens, the sign-in page, and OAuth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.oidc.issuer import IssuerSettings
from gpserverless.app.access import open_accounts, open_cognito, site_of
from gpserverless.app.logs import log_ids
from gpserverless.app.snapstart import load_before_snapshot, renew_after_restore
from gpserverless.clock import Clock, SystemClock
from gpserverless.http.dispatch import Dispatcher
from gpserverless.protocols.directory.pages import DirectoryPages
from gpserverless.protocols.directory.ports import DirectorySite
from gpserverless.protocols.sharing.admission import admit_anybody
from gpserverless.protocols.sharing.login import LoginHandlers
from gpserverless.protocols.sharing.oauth import OAuthHandlers
from gpserverless.protocols.sharing.outside_login import OutsideLoginHandlers
from gpserverless.protocols.sharing.routes import find_route_of_portal
from gpserverless.protocols.sharing.sign_in_pages import SignInPages
from gpserverless.protocols.sharing.tokens import TokenHandlers
from gpserverless.settings import Settings


@dataclass(frozen=True)
class SignInSettings(Settings):
    """Settings of the function that reads passwords."""

    public_url: str
    access_table: str
    token_minutes: float
    redirects: Mapping[str, frozenset[str]]
    user_pool: str = ""
    pool_client: str = ""
    issuer_url: str = ""
    issuer_client: str = ""
    issuer_secret: str = field(default="", repr=False)
    groups_claim: str = "groups"

    @property
    def issuer(self) -> IssuerSettings | None:
        """The other issuer whose users may sign in; None for none."""
        if not self.issuer_url:
            return None
        return IssuerSettings(self.issuer_url, self.issuer_client, self.issuer_secret, self.groups_claim)


class SignInFunction:
    """Answers the requests that exchange a password or a token for a token.

    Args:
        settings: The function's settings.
        accounts: All of access.
        clock: The time.
    """

    def __init__(self, settings: SignInSettings, accounts: Accounts, clock: Clock) -> None:
        # Never JSONP: a page elsewhere could load a token as a script.
        self._dispatcher = Dispatcher(
            settings.public_url,
            find_route_of_portal,
            admit_anybody,
            log_ids,
            jsonp=False,
            pages=DirectoryPages(DirectorySite(settings.public_url)),
        )
        self._pages = SignInPages(has_issuer=accounts.outside is not None)
        sign_in, revocation = accounts.sign_in, accounts.revocation
        self._handlers = {
            **TokenHandlers(sign_in, accounts.exchange).routes,
            **OAuthHandlers(accounts.oauth, revocation, self._pages, clock).routes,
            **LoginHandlers(sign_in, revocation, self._pages, clock).routes,
        }
        if accounts.outside is not None:
            outside = OutsideLoginHandlers(accounts.outside, accounts.oauth, self._pages, clock)
            self._handlers.update(outside.routes)

    @classmethod
    def build(cls, environment: Mapping[str, str]) -> SignInFunction:
        """Build the function from its environment.

        Args:
            environment: The environment variables of the function.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        settings = SignInSettings.read(environment)
        rules = AccessRules(
            site_of(settings.public_url, settings.access_table),
            most_minutes=int(settings.token_minutes),
            redirects=settings.redirects,
            issuer=settings.issuer,
        )
        passwords = open_cognito(settings.user_pool, settings.pool_client) if settings.user_pool else None
        built = cls(settings, open_accounts(settings.access_table, rules, passwords), SystemClock())
        load_before_snapshot(built._pages.load)
        renew_after_restore()
        return built

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one event of the gateway.

        Args:
            event: A Lambda event of an HTTP request.
        """
        return self._dispatcher.answer(event, self._handlers)
