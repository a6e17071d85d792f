"""What the fetch function and its callers say to each other survives the way there and back."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from gpserverless.datatypes.references import Reference
from gpserverless.errors import DeadlinePassed, InvalidValue, StorageError
from gpserverless.fetch import invocation
from gpserverless.fetch.invocation import ENDED, FetchAnswer, FetchEvent, refuse
from gpserverless.fetch.ports import InputRequest

REFERENCES = [
    Reference(
        "features", "https://gis.example.org/FeatureServer/0", where="a > 'ß'", time="0,null", token="t"
    ),
    Reference("raster", "https://gis.example.org/dem?x=%20", format="tif"),
    Reference("file", portal_item_id="0" * 32, url="https://gis.example.org/data"),
]


@pytest.mark.parametrize("seconds", [12.5, 0, math.inf])
@pytest.mark.parametrize("reference", REFERENCES)
def test_event_is_the_same_on_the_other_side(reference: Reference, seconds: float) -> None:
    request = InputRequest(reference, 10, 20, frozenset({"gis.example.org:443"}), seconds)
    sent = FetchEvent(request, log_ids={"job": "j1"})
    assert FetchEvent.from_json(json.loads(json.dumps(sent.to_json(), allow_nan=False))) == sent


def test_place_is_used_once_and_cannot_be_guessed() -> None:
    request = InputRequest(REFERENCES[0], 1, 1)
    places = {FetchEvent(request).place for _ in range(100)}
    assert len(places) == 100
    assert {len(place) for place in places} == {len("fetch/") + 32}


def test_token_is_not_shown_by_printing_an_event() -> None:
    secret = Reference("file", "https://gis.example.org", token="s3cr3t")
    assert "s3cr3t" not in repr(FetchEvent(InputRequest(secret, 1, 1)))


@pytest.mark.parametrize("version", [None, 0, 2, "1"])
def test_event_of_another_version_is_refused(version: Any) -> None:
    sent = FetchEvent(InputRequest(REFERENCES[0], 1, 1)).to_json()
    with pytest.raises(ValueError, match="another version"):
        FetchEvent.from_json({**sent, "v": version})


@pytest.mark.parametrize(("size", "in_answer"), [(0, True), (10, True), (11, False)])
def test_small_file_is_in_the_answer(
    tmp_path: Path, size: int, in_answer: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invocation, "MAX_INLINE_BYTES", 10)
    path = tmp_path / "ä.bin"
    path.write_bytes(bytes(range(size)))
    answer = FetchAnswer.from_json(json.loads(json.dumps(FetchAnswer.of(path).to_json())))
    assert answer == FetchAnswer("ä.bin", size, bytes(range(size)) if in_answer else None)


def test_largest_inline_file_fits_into_an_answer_of_lambda(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(invocation.MAX_INLINE_BYTES))
    assert len(json.dumps(FetchAnswer.of(path).to_json())) < 6_000_000


def test_refusal_is_raised_on_the_other_side() -> None:
    with pytest.raises(InvalidValue) as caught:
        FetchAnswer.from_json(refuse(InvalidValue("it is too large", "at most 5 bytes")))
    assert (caught.value.problem, caught.value.accepted) == ("it is too large", "at most 5 bytes")


def test_end_of_the_time_is_raised_on_the_other_side() -> None:
    with pytest.raises(DeadlinePassed):
        FetchAnswer.from_json(ENDED)


@pytest.mark.parametrize("document", [{}, {"name": "a"}, {"name": "a", "size": 1, "body": "?"}])
def test_answer_that_is_none_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(StorageError):
        FetchAnswer.from_json(document)
