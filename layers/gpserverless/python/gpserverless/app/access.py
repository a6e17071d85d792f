"""Who calls: the authenticator of the functions behind the API, and all of access for the sign-in's."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from gpserverless.access.credentials import Credentials, Identify
from gpserverless.access.user import User, key_of_name
from gpserverless.caller import ANYBODY, Caller

if TYPE_CHECKING:
    from gpserverless.access.accounts import AccessRules, Accounts
    from gpserverless.access.ports import CheckPassword
    from gpserverless.access.users import Users
    from gpserverless.storage.access_table import DynamoAccessRows


def site_of(public_url: str, access_table: str) -> str:
    """Return the name of the site in tokens: every function of a stack must give the same.

    Args:
        public_url: Configured public URL of the site, or "".
        access_table: Name of the table of access, which no other stack has.
    """
    return public_url.rstrip("/") or access_table


def make_identify(public_url: str, access_table: str) -> Identify:
    """Return the function that tells callers; it loads and reads nothing until a token comes.

    Args:
        public_url: Configured public URL of the site, or "".
        access_table: Name of the table of access.
    """
    authenticator = cache(partial(_open_authenticator, access_table, site_of(public_url, access_table)))

    def identify(credentials: Credentials) -> Caller:
        return authenticator()(credentials) if credentials.token else ANYBODY

    return identify


def make_find_user(access_table: str) -> Callable[[str], User | None]:
    """Return the function that finds users by their names; it loads nothing until one is looked for.

    Args:
        access_table: Name of the table of access.
    """
    users = cache(partial(_open_users, access_table))
    return lambda name: users().find(key_of_name(name))


def open_accounts(access_table: str, rules: AccessRules, passwords: CheckPassword | None = None) -> Accounts:
    """Open all of access.

    Args:
        access_table: Name of the table of access.
        rules: The rules of the site.
        passwords: Compares passwords; None for those of the table.
    """
    from gpserverless.access.accounts import Accounts
    from gpserverless.app.issuer import make_fetch_json
    from gpserverless.clock import SystemClock

    fetch_json = make_fetch_json(rules.issuer.issuer) if rules.issuer else None
    return Accounts.of(_open_rows(access_table), rules, SystemClock(), passwords, fetch_json)


def open_cognito(pool: str, application: str) -> CheckPassword:
    """Open a user pool of Cognito.

    Args:
        pool: Id of the user pool.
        application: Id of its application client.
    """
    from gpserverless.storage.clients import cognito_client
    from gpserverless.storage.cognito import CognitoPasswords

    return CognitoPasswords(cognito_client(), pool, application)


def _open_authenticator(access_table: str, site: str) -> Identify:
    from gpserverless.access.authenticator import Authenticator
    from gpserverless.clock import SystemClock

    return Authenticator(_open_rows(access_table), site, SystemClock())


def _open_users(access_table: str) -> Users:
    from gpserverless.access.users import Users

    return Users(_open_rows(access_table))


def _open_rows(access_table: str) -> DynamoAccessRows:
    from gpserverless.storage.access_table import DynamoAccessRows
    from gpserverless.storage.clients import dynamodb_client

    return DynamoAccessRows(dynamodb_client(prompt=True), access_table)
