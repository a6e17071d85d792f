"""Passwords of a user pool of Cognito, as moto plays it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.credentials import Credentials
from gpserverless.access.identity import Identity
from gpserverless.access.sign_in import Login
from gpserverless.caller import Caller, Role
from gpserverless.errors import InvalidSignIn, StorageError
from gpserverless.storage import clients
from gpserverless.storage.cognito import CognitoPasswords
from gpserverless.testing import InMemoryAccessRows, VirtualClock

PASSWORD = "Correct horse 1"
HOME = "192.0.2.1"


class Pool:
    """A user pool with a client."""

    def __init__(self) -> None:
        self.client: Any = clients.cognito_client()
        self.id = self.client.create_user_pool(PoolName="people")["UserPool"]["Id"]
        application = self.client.create_user_pool_client(
            UserPoolId=self.id, ClientName="site", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
        )
        self.passwords = CognitoPasswords(self.client, self.id, application["UserPoolClient"]["ClientId"])

    def add(self, name: str, *groups: str, permanent: bool = True) -> str:
        """Add a user with a password, and return its id in the pool."""
        user = self.client.admin_create_user(UserPoolId=self.id, Username=name)["User"]
        self.client.admin_set_user_password(
            UserPoolId=self.id, Username=name, Password=PASSWORD, Permanent=permanent
        )
        for group in groups:
            self.client.create_group(UserPoolId=self.id, GroupName=group)
            self.client.admin_add_user_to_group(UserPoolId=self.id, Username=name, GroupName=group)
        return next(str(each["Value"]) for each in user["Attributes"] if each["Name"] == "sub")


@pytest.fixture(scope="module")
def pool(aws: None) -> Pool:
    made = Pool()
    made.add("forced", permanent=False)
    return made


@pytest.fixture(scope="module")
def ana(pool: Pool) -> str:
    return pool.add("ana", "publisher", "planners")


def test_right_password_tells_the_user(pool: Pool, ana: str) -> None:
    found = pool.passwords.check("ana", PASSWORD)
    assert found.matches
    assert found.identity == Identity("ana", f"{pool.id} {ana}", frozenset({"publisher", "planners"}))


@pytest.mark.parametrize(
    ("claims", "identity"),
    [
        (
            {"cognito:username": "Eve", "sub": "1", "name": "Eve E.", "email": "e@example.org"},
            Identity("Eve", "{pool} 1", full_name="Eve E.", email="e@example.org"),
        ),
        ({"cognito:username": "eve", "sub": "1"}, Identity("eve", "{pool} 1")),
        ({"cognito:username": "\u0435ve", "sub": "1"}, None),  # a Cyrillic letter
        ({"cognito:username": "e v", "sub": "1"}, None),
    ],
)
def test_attributes_are_those_of_the_id_token(
    claims: dict[str, str], identity: Identity | None, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """moto's have fewer claims than Cognito's."""
    token = jwt.encode(claims, "x" * 32, "HS256")
    answer = {"AuthenticationResult": {"IdToken": token}}
    monkeypatch.setattr(pool.client, "admin_initiate_auth", lambda **given: answer)
    found = pool.passwords.check("eve", PASSWORD)
    expected = identity and replace(identity, subject=identity.subject.format(pool=pool.id))
    assert (found.matches, found.identity) == (identity is not None, expected)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ana", "wrong"),
        ("ana", ""),
        ("ana", "x" * 1_000_000),
        ("bob", PASSWORD),
        ("", PASSWORD),
        ("forced", PASSWORD),  # Cognito asks for a new one, which no client of ArcGIS shows
    ],
)
def test_anything_else_tells_nothing(name: str, password: str, pool: Pool, ana: str) -> None:
    found = pool.passwords.check(name, password)
    assert (found.matches, found.identity) == (False, None)


def test_same_wrong_password_has_one_fingerprint(pool: Pool, ana: str) -> None:
    first, again, other = (pool.passwords.check("ana", word).fingerprint for word in ("a", "a", "b"))
    assert first == again != other


def test_user_signs_in_and_has_a_token_of_this_site(pool: Pool, ana: str) -> None:
    accounts = Accounts.of(
        InMemoryAccessRows(), AccessRules("https://site.test"), VirtualClock(), pool.passwords
    )
    with pytest.raises(InvalidSignIn):
        accounts.sign_in.issue(Login("ana", "wrong", HOME))
    token = accounts.sign_in.issue(Login("Ana", PASSWORD, HOME)).token
    assert accounts.identify(Credentials(token)) == Caller(
        "ana", Role.PUBLISHER, frozenset({"publisher", "planners"})
    )


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("TooManyRequestsException", StorageError),
        ("InternalErrorException", StorageError),
        ("ResourceNotFoundException", StorageError),
        ("AccessDeniedException", StorageError),
    ],
)
def test_fault_of_cognito_is_no_wrong_password(
    code: str, error: type[Exception], pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**given: object) -> None:
        raise ClientError({"Error": {"Code": code}}, "AdminInitiateAuth")

    monkeypatch.setattr(pool.client, "admin_initiate_auth", fail)
    with pytest.raises(error):
        pool.passwords.check("ana", PASSWORD)
