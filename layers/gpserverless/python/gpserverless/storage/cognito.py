"""Passwords of a user pool of Cognito, and its facts about users."""

from __future__ import annotations

import base64
import logging
import uuid
from typing import TYPE_CHECKING, Any

import orjson
from botocore.exceptions import ClientError

from gpserverless.access.identity import Identity
from gpserverless.access.passwords import MOST_BYTES, fingerprint_of
from gpserverless.access.ports import PasswordCheck
from gpserverless.access.user import key_of_name
from gpserverless.storage.failures import error_code, storage_errors

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

logger = logging.getLogger(__name__)

_WRONG = frozenset(
    {
        "NotAuthorizedException",
        "UserNotFoundException",
        "UserNotConfirmedException",
        "PasswordResetRequiredException",
        "InvalidPasswordException",
        "InvalidParameterException",
    }
)
"""Errors of AdminInitiateAuth that mean that this user cannot sign in with this password."""


class CognitoPasswords:
    """Compares passwords with those of a user pool: a `CheckPassword`.

    Clients of ArcGIS show neither a second factor nor a forced change of a password. Users who need one are
    refused here, and sign in on Cognito's own page first.

    Args:
        client: Client of Cognito.
        pool: Id of the user pool.
        application: Id of the pool's application client, without a secret, which allows
            ALLOW_ADMIN_USER_PASSWORD_AUTH.
    """

    def __init__(self, client: CognitoIdentityProviderClient, pool: str, application: str) -> None:
        self._client = client
        self._pool = pool
        self._application = application

    def check(self, name: str, password: str) -> PasswordCheck:
        """Compare a password with that of a user.

        Args:
            name: Name of the user in small letters, "" for a name that nobody can have.
            password: Any text, however long.

        Raises:
            StorageError: Cognito cannot be reached.
        """
        told = self._ask(name or uuid.uuid4().hex, password[:MOST_BYTES])
        fingerprint = fingerprint_of(name, password)
        if told is None or not name or len(password) > MOST_BYTES:
            return PasswordCheck(False, fingerprint)
        identity = self._read(told)
        return PasswordCheck(identity is not None, fingerprint, identity)

    def _ask(self, name: str, password: str) -> dict[str, Any] | None:
        """Return the claims of the user's ID token, or None. AWS has sent it here, so it is not verified."""
        with storage_errors("check a password"):
            try:
                answer = self._client.admin_initiate_auth(
                    UserPoolId=self._pool,
                    ClientId=self._application,
                    AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                    AuthParameters={"USERNAME": name, "PASSWORD": password or " "},
                )
            except ClientError as problem:
                if error_code(problem) not in _WRONG:
                    raise
                logger.info("Cognito refused a sign-in", extra={"reason": error_code(problem)})
                return None
        if "AuthenticationResult" not in answer:
            logger.warning(
                "Cognito asks for more than a password", extra={"step": answer.get("ChallengeName")}
            )
            return None
        payload = answer["AuthenticationResult"]["IdToken"].split(".")[1]
        claims: dict[str, Any] = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return claims

    def _read(self, claims: dict[str, Any]) -> Identity | None:
        name = str(claims["cognito:username"])
        if not key_of_name(name):
            logger.warning("the name of a user of Cognito is none that users can have here")
            return None
        return Identity(
            name,
            f"{self._pool} {claims['sub']}",
            frozenset(map(str, claims.get("cognito:groups", ()))),
            str(claims.get("name", "")),
            str(claims.get("email", "")),
        )
