"""Another issuer of OpenID Connect: its addresses, and its facts about a user.

The ID token comes from the issuer itself, over TLS, in the answer to a code. OpenID Connect Core 1.0 lets the
TLS connection stand for the signature then (section 3.1.3.7, point 6). So no public keys are needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gpserverless.access.ports import FetchJson
from gpserverless.access.web_address import LOOPBACK, read_web_address
from gpserverless.errors import InvalidValue

_DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class IssuerSettings:
    """The issuer, and this site as an application of it.

    Attributes:
        issuer: Its URL, which is its name too.
        client_id: Id of this site there.
        client_secret: Secret of this site there, "" if it has none.
        groups_claim: Claim of the ID token with the user's groups.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    groups_claim: str = "groups"


class OutsideIssuer:
    """An issuer. Its description is asked for once, when it is first needed.

    Args:
        settings: The issuer, and this site there.
        fetch_json: Asks other servers.
    """

    def __init__(self, settings: IssuerSettings, fetch_json: FetchJson) -> None:
        self.settings = settings
        self._fetch_json = fetch_json
        self._description: Mapping[str, Any] = {}

    def endpoint(self, name: str) -> str:
        """Return one of the issuer's addresses.

        Args:
            name: Its name in the description, such as "token_endpoint".

        Raises:
            InvalidValue: The issuer does not answer, is another one, or has no such address with https.
        """
        if not self._description:
            self._description = self._describe()
        address = str(self._description.get(name, ""))
        _check_https(address)
        return address

    def redeem(self, code: str, callback: str, verifier: str) -> Mapping[str, Any]:
        """Return the claims of the ID token for a code. They come from the issuer; nothing else is checked.

        Args:
            code: The code that the browser has brought.
            callback: Where the browser has brought it.
            verifier: The secret whose hash was the challenge.

        Raises:
            InvalidValue: The issuer does not answer, or gives no ID token.
        """
        import jwt

        secret = {"client_secret": self.settings.client_secret} if self.settings.client_secret else {}
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "client_id": self.settings.client_id,
            "code_verifier": verifier,
            **secret,
        }
        answer = self._fetch_json(self.endpoint("token_endpoint"), form)
        try:
            claims: Mapping[str, Any] = jwt.decode(answer["id_token"], options={"verify_signature": False})
        except (jwt.PyJWTError, KeyError, TypeError):
            raise InvalidValue("the issuer gave no ID token") from None
        return claims

    def _describe(self) -> Mapping[str, Any]:
        _check_https(self.settings.issuer)
        found = self._fetch_json(f"{self.settings.issuer.rstrip('/')}{_DISCOVERY}", None)
        if not isinstance(found, dict) or found.get("issuer") != self.settings.issuer:
            raise InvalidValue("the issuer describes itself as another one")
        return found


def _check_https(address: str) -> None:
    parts = read_web_address(address)
    if parts is None or (parts.scheme != "https" and parts.host not in LOOPBACK):
        raise InvalidValue("the issuer has no such address with https")
