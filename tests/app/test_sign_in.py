"""The settings of the sign-in: applications with their addresses, and the users of other directories."""

from __future__ import annotations

import pytest

from gpserverless.access.oidc.issuer import IssuerSettings
from gpserverless.app.sign_in import SignInSettings
from gpserverless.errors import SettingsError

TABLE = {"ACCESS_TABLE": "access"}
BACK = "https://app.example.org/back"


@pytest.mark.parametrize(
    ("text", "redirects"),
    [
        ("", {}),
        (f"planning={BACK}", {"planning": {BACK}}),
        (
            f"  planning={BACK}\n planning=http://localhost:5173/?a=b  survey=org.example.survey:/back ",
            {"planning": {BACK, "http://localhost:5173/?a=b"}, "survey": {"org.example.survey:/back"}},
        ),
    ],
)
def test_applications_have_addresses(text: str, redirects: dict[str, set[str]]) -> None:
    assert SignInSettings.read({**TABLE, "OAUTH_REDIRECTS": text}).redirects == redirects


@pytest.mark.parametrize(
    "word",
    [
        "planning",
        "planning=",
        f"={BACK}",
        "planning=/back",
        f"planning={BACK}#x",
        "planning=https://ä.example/",
    ],
)
def test_address_to_which_nobody_can_be_sent_is_named(word: str) -> None:
    with pytest.raises(SettingsError, match="OAUTH_REDIRECTS") as raised:
        SignInSettings.read({**TABLE, "OAUTH_REDIRECTS": f"survey={BACK} {word}"})
    assert f"not '{word}'" in str(raised.value)


def test_issuer_is_optional_and_complete() -> None:
    assert SignInSettings.read(TABLE).issuer is None
    given = {**TABLE, "OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "site"}
    assert SignInSettings.read(given).issuer == IssuerSettings("https://login.example", "site", "", "groups")
    more = {**given, "OIDC_CLIENT_SECRET": "s3cret", "OIDC_GROUPS_CLAIM": "roles"}
    assert SignInSettings.read(more).issuer == IssuerSettings(
        "https://login.example", "site", "s3cret", "roles"
    )
    with pytest.raises(SettingsError, match="OIDC_CLIENT_ID is missing"):
        SignInSettings.read({**TABLE, "OIDC_ISSUER": "https://login.example"})


def test_secret_is_not_printed() -> None:
    given = {"OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "site", "OIDC_CLIENT_SECRET": "s3cret"}
    assert "s3cret" not in repr(SignInSettings.read({**TABLE, **given}))
