"""Secrets are blank in everything that is shown: each name of a secret, in every form of a text."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from gpserverless.datatypes.capabilities import echo
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.files import GPDataFile, GPRasterData
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.scalars import GPString
from gpserverless.datatypes.sql import GPSQLExpression
from gpserverless.values.quotation import quoted
from gpserverless.values.secrets import blank_members, blank_secrets

SECRET = "s3cr3t.x-Y_z~1"

NAMES = [
    *("token", "access_token", "refresh_token", "id_token", "serviceToken", "TOKEN", "authToken"),
    *("X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Credential", "x-amz-signature", "AWSAccessKeyId"),
    *("X-Goog-Signature", "X-Goog-Credential", "Signature", "Key-Pair-Id", "Policy"),
    *("sig", "key", "api_key", "apikey", "api-key", "apiKey", "x-api-key", "subscription-key"),
    *("Ocp-Apim-Subscription-Key", "x-functions-key", "code", "password", "passwd", "pwd", "pass"),
    *(
        "app_key",
        "consumerKey",
        "secret",
        "client_secret",
        "X-Esri-Authorization",
        "bearer",
        "pw",
        "userpass",
        "hdnts",
        "auth",
        "jwt",
        "sessionid",
        "%74oken",
        "X%2DAmz%2DSignature",
    ),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "form",
    [
        "https://example.org/a/b.zip?{name}={secret}",
        "https://example.org/a?x=1&{name}={secret}&y=2",
        "https://example.org/a#x=1&{name}={secret}",
        "https://proxy.example.org/p?https://example.org/a?x=1&{name}={secret}",
        "it is gone: https://example.org/a?{name}={secret} (HTTP 404)",
        '{"url": "https://example.org/a?{name}={secret}"}',
        '"{\\"url\\": \\"https://example.org/a?{name}={secret}\\"}"',
    ],
)
def test_secret_in_a_url_is_blank(name: str, form: str) -> None:
    text = form.replace("{name}", name).replace("{secret}", SECRET)
    shown = blank_secrets(text)
    assert SECRET not in shown
    assert shown == form.replace("{name}", name).replace("{secret}", "***")


@pytest.mark.parametrize("name", NAMES)
def test_secret_in_a_url_within_a_url_is_blank(name: str) -> None:
    inner = quote(f"https://example.org/a?b=1&{name}={SECRET}&c=2", safe="")
    shown = blank_secrets(f"https://proxy.example.org/?url={inner}&d=3")
    assert SECRET not in shown
    assert shown.endswith("%26c%3D2&d=3")


OTHERS = [
    ("https://user:word@example.org/x", "https://***@example.org/x"),
    ("ftp://user@example.org:21/x", "ftp://***@example.org:21/x"),
    ("https://user:w@rd@example.org/x?a=1", "https://***@example.org/x?a=1"),
    ('{"token": "abc", "url": "x"}', '{"token": "***", "url": "x"}'),
    ("{'serviceToken': 'abc'}", "{'serviceToken': '***'}"),
    ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
    ("https://example.org/x;jsessionid=12?a=1", "https://example.org/x;jsessionid=***"),
]


@pytest.mark.parametrize(("text", "shown"), OTHERS)
def test_secrets_elsewhere_are_blank(text: str, shown: str) -> None:
    assert blank_secrets(text) == shown


KEPT = [
    "https://example.org/FeatureServer/0/query?where=NAME%3D'x'&outFields=*",
    "https://example.org/x?keyword=a&codec=b&tokens_like=c",
    "exit code=1, key=value",
    '{"key": "jobs/1/inputs.json", "code": "AccessDenied"}',
    "mail to me@example.org: a=b",
    "5 Kilometers",
]


@pytest.mark.parametrize("text", KEPT)
def test_other_texts_stay(text: str) -> None:
    assert blank_secrets(text) == text
    assert blank_members({"message": text}) == {"message": text}


def test_members_of_objects_are_blank() -> None:
    line = {"password": SECRET, "a": [{"api_key": SECRET}], "key": "jobs/1", "n": 1, "token": ""}
    assert blank_members(line) == {
        "password": "***",
        "a": [{"api_key": "***"}],
        "key": "jobs/1",
        "n": 1,
        "token": "",
    }
    assert blank_members({"key": SECRET}, in_reference=True) == {"key": "***"}


ECHOED: list[tuple[Any, Any]] = [
    (GPDataFile(), {"url": f"https://example.org/a?sig={SECRET}&b=1"}),
    (GPRasterData(), {"url": f"https://example.org/a?X-Amz-Signature={SECRET}", "format": "tif"}),
    (GPFeatureRecordSetLayer(), {"url": f"https://u:{SECRET}@example.org/FeatureServer/0", "key": SECRET}),
    (GPDataFile(), f"https://example.org/a?code={SECRET}"),
    (GPString(), f"https://example.org/a?code={SECRET}"),
    (GPSQLExpression(), f"LINK = 'https://example.org/a?token={SECRET}'"),
    (GPRecordSet(), {"features": [{"attributes": {"u": f"https://example.org/a?token={SECRET}"}}]}),
    (GPRecordSet(), f'{{"features":[{{"attributes":{{"u":"https:\\/\\/example.org?token={SECRET}"}}}}]}}'),
    (GPMultiValue(GPDataFile()), [{"url": f"https://example.org/a?key={SECRET}"}]),
    (GPMultiValue(GPString()), [f"see https://example.org/a?api_key={SECRET}"]),
]


@pytest.mark.parametrize(("data_type", "sent"), ECHOED)
def test_inputs_show_no_secret(data_type: Any, sent: Any) -> None:
    shown = json.dumps(echo(data_type, sent if isinstance(sent, str) else json.dumps(sent)))
    assert "example.org" in shown
    assert SECRET not in shown


def test_errors_quote_no_secret() -> None:
    assert SECRET not in quoted(f"ftp://u:{SECRET}@example.org")
    assert SECRET not in quoted({"url": f"x?sig={SECRET}"})
    assert SECRET not in quoted(f'{{"token":"{SECRET}","url":"ftp://example.org"}}')
