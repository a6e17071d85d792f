"""Everything that access can do, put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gpserverless.access.api_keys import ApiKeys
from gpserverless.access.authenticator import Authenticator
from gpserverless.access.credentials import Identify
from gpserverless.access.denials import Denials
from gpserverless.access.exchange import Exchange
from gpserverless.access.issuer import Issuer
from gpserverless.access.lifetimes import Lifetimes
from gpserverless.access.oauth.applications import Applications
from gpserverless.access.oauth.codes import Codes
from gpserverless.access.oauth.oauth import OAuth
from gpserverless.access.oauth.refresh_tokens import RefreshTokens
from gpserverless.access.oauth.states import AuthorizeStates
from gpserverless.access.oidc.issuer import IssuerSettings, OutsideIssuer
from gpserverless.access.oidc.outside_sign_in import OutsideSignIn
from gpserverless.access.outside_users import OutsideUsers
from gpserverless.access.passwords import Passwords
from gpserverless.access.ports import AccessRows, CheckPassword, FetchJson
from gpserverless.access.revocation import Revocation
from gpserverless.access.sign_in import SignIn
from gpserverless.access.signer import Signer
from gpserverless.access.signing_keys import SigningKeys
from gpserverless.access.throttle import Throttle
from gpserverless.access.token_check import TokenCheck
from gpserverless.access.tokens import Tokens
from gpserverless.access.users import Users
from gpserverless.clock import Clock


@dataclass(frozen=True)
class AccessRules:
    """The rules of a site.

    Attributes:
        site: Name of the site in tokens, so that those of another count nowhere else.
        default_minutes: Life of a token for which none is asked.
        most_minutes: Longest life of a token.
        redirects: Redirect addresses of applications, by `client_id`.
        issuer: Another issuer whose users may sign in; None for none.
    """

    site: str
    default_minutes: int = 60
    most_minutes: int = 1440
    redirects: Mapping[str, frozenset[str]] = field(default_factory=dict)
    issuer: IssuerSettings | None = None


@dataclass(frozen=True)
class Accounts:
    """The parts of access that make and end tokens. Only the function of the sign-in has them.

    Attributes:
        sign_in: A password for a token.
        exchange: A token for a token.
        revocation: The end of a token.
        oauth: The sign-in page of applications.
        identify: The caller of a request.
        outside: The sign-in at another issuer; None if there is none.
    """

    sign_in: SignIn
    exchange: Exchange
    revocation: Revocation
    oauth: OAuth
    identify: Identify
    outside: OutsideSignIn | None = None

    @classmethod
    def of(
        cls,
        rows: AccessRows,
        rules: AccessRules,
        clock: Clock,
        passwords: CheckPassword | None = None,
        fetch_json: FetchJson | None = None,
    ) -> Accounts:
        """Put the parts together.

        Args:
            rows: The table.
            rules: The rules of the site.
            clock: The time.
            passwords: Compares passwords; None for those of the table.
            fetch_json: Asks another issuer; None if there is none.
        """
        keys, denials = SigningKeys(rows, clock), Denials(rows)
        users, tokens = Users(rows), Tokens(keys, rules.site, clock)
        check = TokenCheck(tokens, users.find, denials.has, ApiKeys(rows).find, clock)
        issuer = Issuer(check, Lifetimes(rules.default_minutes, rules.most_minutes))
        sign_in = SignIn(users, passwords or Passwords(rows), Throttle(rows), issuer)
        refresh_tokens = RefreshTokens(keys, rules.site, clock)
        signer = Signer(keys, f"authorize {rules.site}", clock)
        states = AuthorizeStates(Applications(rules.redirects), signer)
        outside = None
        if rules.issuer is not None and fetch_json is not None:
            users_of_issuer = OutsideUsers(users)
            outside = OutsideSignIn(OutsideIssuer(rules.issuer, fetch_json), states, users_of_issuer, clock)
        return cls(
            sign_in,
            Exchange(issuer),
            Revocation(tokens, refresh_tokens, denials, clock),
            OAuth(states, sign_in, Codes(rows, clock), refresh_tokens, issuer),
            Authenticator(rows, rules.site, clock),
            outside,
        )
