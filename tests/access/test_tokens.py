"""Tokens: whatever is not exactly one of this site does not count."""

from __future__ import annotations

import base64
import json
import warnings
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gpserverless.access.accounts import AccessRules, Accounts
from gpserverless.access.binding import Binding
from gpserverless.access.credentials import Credentials
from gpserverless.access.signer import MOST_CHARACTERS
from gpserverless.access.tokens import Tokens
from gpserverless.caller import ANYBODY, Caller, Role
from gpserverless.errors import InvalidToken
from gpserverless.testing import InMemoryAccessRows, VirtualClock
from tests.access.rig import HOME, MINUTE, PASSWORD, ROOT, Rig, make_rig

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
ANA = Caller("ana", Role.PUBLISHER, frozenset({"planners"}))


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def encoded(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return encode_bytes(text.encode())


def encode_bytes(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def secret_of(rig: Rig) -> bytes:
    return base64.b64decode(rig.rows.rows["KEYS"]["keys"][0]["secret"])


def signed_by_us(rig: Rig, claims: dict[str, Any], **header: Any) -> str:
    """Return a token with the site's own key."""
    kid = rig.rows.rows["KEYS"]["keys"][0]["id"]
    return jwt.encode(claims, secret_of(rig), "HS256", headers={"kid": kid, **header})


def test_token_tells_its_caller(rig: Rig) -> None:
    assert rig.identify(rig.sign_in().token) == ANA


def test_caller_has_the_address_of_the_request(rig: Rig) -> None:
    caller = rig.identify(rig.sign_in().token, address=HOME)
    assert isinstance(caller, Caller)
    assert caller.address == HOME


def test_token_says_these_things(rig: Rig, clock: VirtualClock) -> None:
    issued = rig.sign_in(binding=Binding("referer", "https://a.test"))
    said = claims_of(issued.token)
    assert said.pop("jti")
    assert said == {
        "sub": "ana",
        "role": "publisher",
        "iat": clock.now() / 1000,
        "exp": clock.now() // 1000 + 3600,
        "aud": ROOT,
        "bind": {"referer": "https://a.test"},
    }
    assert issued.expires == said["exp"] * 1000
    assert len(issued.token) < 400, "it travels in URLs, of which clients make at most 2,000 characters"


def test_no_token_is_anybody_and_reads_nothing(rig: Rig) -> None:
    rig.rows.reads.clear()
    assert rig.accounts.identify(Credentials("", "https://a.test", HOME)) == ANYBODY
    assert rig.rows.reads == []


def test_token_is_not_printed(rig: Rig) -> None:
    issued = rig.sign_in()
    assert issued.token not in repr(issued)
    assert issued.token not in repr(Credentials(issued.token))
    assert base64.b64encode(secret_of(rig)).decode() not in repr(rig.accounts)


def test_token_ends(rig: Rig, clock: VirtualClock) -> None:
    token = rig.sign_in(expiration="1").token
    clock.sleep(MINUTE - 1)
    assert rig.identify(token) == ANA
    clock.sleep(1)
    with pytest.raises(InvalidToken):
        rig.identify(token)


def test_token_of_another_site_does_not_count(rig: Rig, clock: VirtualClock) -> None:
    token = rig.sign_in().token
    other = Accounts.of(rig.rows, AccessRules("https://other.test/arcgis"), clock)
    with pytest.raises(InvalidToken):
        other.identify(Credentials(token))


def test_token_of_another_key_does_not_count(rig: Rig) -> None:
    token = rig.sign_in().token
    with pytest.raises(InvalidToken):
        make_rig(InMemoryAccessRows(), rig.clock).identify(token)


class TestOneCharacter:
    """Every change of one character makes it none; also those that base64 does not see."""

    rig = make_rig(InMemoryAccessRows(), VirtualClock())
    token = rig.sign_in().token

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=300)
    @given(place=st.integers(0, len(token) - 1), letter=st.sampled_from(ALPHABET))
    @example(place=len(token) - 1, letter="A")
    def test_is_another(self, place: int, letter: str) -> None:
        changed = self.token[:place] + letter + self.token[place + 1 :]
        if changed == self.token:
            assert self.rig.identify(changed) == ANA
            return
        with pytest.raises(InvalidToken):
            self.rig.identify(changed)

    @pytest.mark.parametrize("letter", ALPHABET)
    def test_is_another_at_the_end(self, letter: str) -> None:
        if not self.token.endswith(letter):
            with pytest.raises(InvalidToken):
                self.rig.identify(self.token[:-1] + letter)

    @settings(deadline=None, max_examples=100)
    @given(place=st.integers(0, len(token)), letter=st.characters())
    @example(place=len(token), letter="=")
    @example(place=len(token), letter="\n")
    @example(place=len(token) - 3, letter="!")
    def test_is_more(self, place: int, letter: str) -> None:
        with pytest.raises(InvalidToken):
            self.rig.identify(self.token[:place] + letter + self.token[place:])

    @settings(deadline=None, max_examples=100)
    @given(place=st.integers(0, len(token) - 1))
    def test_is_less(self, place: int) -> None:
        if place:
            with pytest.raises(InvalidToken):
                self.rig.identify(self.token[:place] + self.token[place + 1 :])


PART, SIGNATURE = st.binary(min_size=1, max_size=30), st.binary(min_size=32, max_size=32)
SHAPED = st.tuples(PART, PART, SIGNATURE).map(lambda parts: ".".join(map(encode_bytes, parts)))
"""Texts of the shape of a token."""


@settings(deadline=None, max_examples=200)
@given(text=st.text(min_size=1) | SHAPED)
@example("notatoken")
@example("' OR '1'='1")
@example("<script>xss9001()</script>")
@example("a\0b")
@example("gpk_")
@example("gpk_" + "A" * 43)
@example(".." + "A" * 43)
@example("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhZG1pbiIsImV4cCI6NDEwMjQ0NDgwMH0.")
@example("x" * 1_000_000)
@example("gpk_" + "x" * 1_000_000)
@example(f"{encoded('[' * 3_000)}.e30.{'A' * 43}")
def test_text_that_is_no_token_does_not_count(text: str) -> None:
    with pytest.raises(InvalidToken):
        TestOneCharacter.rig.identify(text)


HEADERS = [
    {"alg": "none"},
    {"alg": "HS512"},
    {"alg": "RS256"},
    {"alg": None},
    {"kid": None},
    {"kid": ""},
    {"kid": "../../../dev/null"},
    {"kid": "0000"},
    {"kid": ["0000"]},
    {"kid": {"a": 1}},
    {"crit": ["x"], "x": 1},
    {"b64": False, "crit": ["b64"]},
]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("secret", [b"", None])
def test_header_decides_nothing(header: dict[str, Any], secret: bytes | None, rig: Rig) -> None:
    """Neither the algorithm nor the key is the sender's to choose, however it is signed."""
    _, body, _ = rig.sign_in().token.split(".")
    key = rig.rows.rows["KEYS"]["keys"][0]["id"]
    signing = f"{encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': key, **header})}.{body}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a key without length
        signature = jwt.get_algorithm_by_name("HS256").sign(
            signing.encode(), secret_of(rig) if secret is None else secret
        )
    with pytest.raises(InvalidToken):
        rig.identify(f"{signing}.{encode_bytes(signature)}")


CLAIMS: list[dict[str, Any]] = [
    *({name: None} for name in ("sub", "role", "iat", "exp", "aud", "jti")),
    {"aud": "https://other.test/arcgis"},
    {"aud": f"refresh {ROOT}"},
    {"exp": 0},
    {"sub": "bob"},
]


@pytest.mark.parametrize("changed", CLAIMS, ids=str)
def test_claim_that_is_missing_or_wrong(changed: dict[str, Any], rig: Rig) -> None:
    """Even with the key of the site: a claim that was forgotten must not let anybody in."""
    claims = claims_of(rig.sign_in().token)
    assert rig.identify(signed_by_us(rig, claims)) == ANA
    kept = {name: value for name, value in {**claims, **changed}.items() if value is not None}
    with pytest.raises(InvalidToken):
        rig.identify(signed_by_us(rig, kept))


def test_long_token_is_not_looked_at(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = claims_of(rig.sign_in().token)
    long = signed_by_us(rig, {**claims, "more": "x" * MOST_CHARACTERS})
    monkeypatch.setattr(jwt, "get_unverified_header", lambda text: pytest.fail("it was looked at"))
    with pytest.raises(InvalidToken):
        rig.identify(long)


def test_all_refusals_are_one_sentence(rig: Rig) -> None:
    said = set()
    for text in ("x", rig.sign_in(expiration="1").token, "gpk_" + "A" * 43):
        rig.clock.sleep(MINUTE)
        with pytest.raises(InvalidToken) as refused:
            rig.identify(text)
        said.add(str(refused.value))
    assert len(said) == 1


class TestRights:
    """Role, groups and life of a user are those of the row, at most a minute old."""

    def test_group_is_lost_within_a_minute(self, rig: Rig, clock: VirtualClock) -> None:
        token = rig.sign_in().token
        assert rig.identify(token) == ANA
        rig.administration.change("ana", {"groups": frozenset({"readers"})})
        assert rig.identify(token) == ANA, "this process has read the row a moment ago"
        clock.sleep(MINUTE)
        assert rig.identify(token) == Caller("ana", Role.PUBLISHER, frozenset({"readers"}))

    @pytest.mark.parametrize(
        ("now", "has"), [(Role.VIEWER, Role.VIEWER), (Role.ADMINISTRATOR, Role.PUBLISHER)]
    )
    def test_role_is_lost_at_once_and_won_at_the_next_sign_in(self, now: Role, has: Role, rig: Rig) -> None:
        token = rig.sign_in().token
        rig.administration.change("ana", {"role": now})
        assert rig.identify(token) == Caller("ana", has, frozenset({"planners"}))
        assert rig.identify(rig.sign_in().token) == Caller("ana", now, frozenset({"planners"}))

    def test_user_without_a_row_is_nobody(self, rig: Rig) -> None:
        token = rig.sign_in().token
        del rig.rows.rows["USER#ana"]
        with pytest.raises(InvalidToken):
            rig.identify(token)

    def test_next_requests_of_a_minute_read_nothing(self, rig: Rig, clock: VirtualClock) -> None:
        token = rig.sign_in().token
        rig.rows.reads.clear()
        for _ in range(100):
            rig.identify(token)
        assert sorted(rig.rows.reads) == ["DENY#" + claims_of(token)["jti"], "KEYS", "USER#ana"]
        clock.sleep(MINUTE)
        rig.identify(token)
        assert len(rig.rows.reads) == 5, "the keys are kept for five minutes"

    def test_strangers_cannot_fill_the_memory(self, rig: Rig) -> None:
        for number in range(3_000):
            with pytest.raises(InvalidToken):
                rig.identify(f"gpk_{number:043}")
        check = rig.accounts.identify._check  # type: ignore[attr-defined]
        assert len(check.find_api_key._kept) <= 1_000


def test_binding_to_an_address_is_enforced(rig: Rig) -> None:
    token = rig.sign_in(binding=Binding("ip", HOME)).token
    rig.identify(token, address=HOME)
    for elsewhere in ("192.0.2.2", ""):
        with pytest.raises(InvalidToken):
            rig.identify(token, address=elsewhere)


def test_binding_to_a_page_is_enforced_in_browsers(rig: Rig) -> None:
    token = rig.sign_in(binding=Binding("referer", "https://example.com")).token
    for referer in ("", "http", "https://example.com/x"):
        rig.identify(token, referer=referer)
    with pytest.raises(InvalidToken):
        rig.identify(token, referer="https://example.com.evil.test/")


def test_wrong_password_makes_no_key(rows: InMemoryAccessRows, clock: VirtualClock) -> None:
    rig = make_rig(rows, clock)
    with pytest.raises(InvalidToken):
        rig.identify(TestOneCharacter.token)
    assert "KEYS" not in rows.rows
    rig.sign_in(password=PASSWORD)
    assert "KEYS" in rows.rows


def test_times_are_kept_to_the_millisecond(rig: Rig, clock: VirtualClock) -> None:
    clock.time = 1_700_000_000_999
    token = rig.sign_in().token
    tokens: Tokens = rig.accounts.identify._check.tokens  # type: ignore[attr-defined]
    read = tokens.read(token)
    assert read is not None
    assert read.sign_in.at == clock.time
