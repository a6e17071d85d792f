"""Codes: used once, within five minutes, by the application that they were made for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from gpserverless.access.keys import CODE, hash_secret
from gpserverless.access.lifetimes import MINUTE_MS
from gpserverless.access.oauth.authorize import AuthorizeRequest
from gpserverless.access.oauth.grants import CodeGrant
from gpserverless.access.ports import AccessRows, Row
from gpserverless.access.tokens import SignInRecord
from gpserverless.caller import Role
from gpserverless.clock import Clock

LIFE_MS = 5 * MINUTE_MS

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, section 4.1


@dataclass(frozen=True)
class CodeRecord:
    """The content of the row of a code.

    Attributes:
        sign_in: The sign-in on the page.
        expiration: Minutes that the request asked for, "" for the default.
    """

    sign_in: SignInRecord
    expiration: str


class Codes:
    """The codes of a site.

    Args:
        rows: The table of access.
        clock: The time.
    """

    def __init__(self, rows: AccessRows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock

    def add(self, request: AuthorizeRequest, sign_in: SignInRecord) -> str:
        """Make a code.

        Args:
            request: The request for the sign-in page.
            sign_in: The sign-in.
        """
        code = secrets.token_urlsafe(32)
        expires = self._clock.now() + LIFE_MS
        row = {
            "pk": f"{CODE}{hash_secret(code)}",
            "client_id": request.client_id,
            "redirect_uri": request.redirect_uri,
            "code_challenge": request.code_challenge,
            "expiration": request.expiration,
            "role": sign_in.role.name.lower(),
            "user": sign_in.user,
            "sign_in": sign_in.id,
            "signed_in_at": sign_in.at,
            "expires": expires,
            "ttl_at": expires // 1000 + 1,
        }
        self._rows.insert(row)
        return code

    def take(self, grant: CodeGrant) -> CodeRecord | None:
        """Use a code up, and return the content of its row; None if it does not count.

        Args:
            grant: The code, and its application's proof. A wrong proof uses it up too.
        """
        if len(grant.code) > 128 or not grant.code.isascii():
            return None
        row = self._rows.remove(f"{CODE}{hash_secret(grant.code)}")
        if row is None or row["expires"] <= self._clock.now() or not _is_proved(row, grant):
            return None
        role = Role[row["role"].upper()]
        sign_in = SignInRecord(row["sign_in"], row["user"], role, row["signed_in_at"])
        return CodeRecord(sign_in, row["expiration"])


def _is_proved(row: Row, grant: CodeGrant) -> bool:
    if (row["client_id"], row["redirect_uri"]) != (grant.client_id, grant.redirect_uri):
        return False
    if not row["code_challenge"]:
        return True
    if not _VERIFIER.fullmatch(grant.code_verifier):
        return False
    digest = hashlib.sha256(grant.code_verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(challenge, row["code_challenge"])
