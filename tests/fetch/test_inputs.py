"""References of a call become files in the run's folder, within the limits of the run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from gpserverless.app.fetching import InputPreparation
from gpserverless.caller import Caller
from gpserverless.cancellation import CheckCancelled
from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet
from gpserverless.datatypes.files import GPDataFile, GPRasterData
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import Cancelled, InvalidParameter, NotFound
from gpserverless.fetch.direct import DirectFetcher
from gpserverless.fetch.inputs import Inputs
from gpserverless.fetch.policy import Policy
from gpserverless.fetch.ports import InputRequest
from gpserverless.sandbox.preparation import RunContext
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import Parameter, TaskSpec
from tests.fake_feature_server import IMAGES, LAYER, TABLE, FakeFeatureServer

ITEM = "i912f0648-a455-4d08-ae95-44eb5b82de2e"
PORTAL_ITEM = "0123456789abcdef0123456789abcdef"
LIMITS = replace(Limits.sync(), max_features=10_000, max_bytes=2_000_000)


class OneItem:
    """Uploads with a single item, of one service."""

    def of(self, caller: Caller) -> OneItem:
        return self

    def fetch(
        self, service: str, item_id: str, folder: Path, most_bytes: int, check_cancelled: Callable[[], None]
    ) -> LocalFile:
        if (service, item_id) != ("S", ITEM):
            raise NotFound("Item not found.")
        path = folder / "item.csv"
        path.write_text(f"at most {most_bytes}")
        return LocalFile(path)


def prepared(
    far: FakeFeatureServer,
    folder: Path,
    data_type: DataType,
    sent: str,
    check_cancelled: Callable[[], None] = lambda: None,
    limits: Limits = LIMITS,
) -> Path:
    fetcher = DirectFetcher(Policy(private=frozenset({far.place})))
    inputs = Inputs(fetcher, OneItem(), f"{far.url}/portal/")
    task = TaskSpec("T", "T", "", (Parameter("In", "In", "", data_type),))
    context = RunContext(task, limits, folder, check_cancelled)
    call = InputPreparation(lambda: inputs).prepare(Call("S", "T", {"In": sent}), context)
    fetched = call.values["In"]
    assert isinstance(fetched, LocalFile)
    assert fetched.path.is_relative_to(folder)
    return fetched.path


FETCHED = [
    (GPFeatureRecordSetLayer(), LAYER, "features.json"),
    (GPRecordSet(), TABLE, "features.json"),
    (GPFeatureRecordSetLayer(), "/files/one.json", "one.json"),
    (GPDataFile(), "/files/a%20b.csv", "a%20b.csv"),
    (GPDataFile(), "/files/x?named=../../etc/passwd", "passwd"),
    (GPDataFile(), "/files/", "file"),
    (GPDataFile(), LAYER, "0"),
    (GPRasterData(), "/files/dem.tif", "dem.tif"),
    (GPRasterData(), IMAGES, "image.tif"),
]


@pytest.mark.parametrize(("data_type", "path", "name"), FETCHED)
def test_what_is_fetched_has_a_name(
    far: FakeFeatureServer, tmp_path: Path, data_type: DataType, path: str, name: str
) -> None:
    assert prepared(far, tmp_path, data_type, far.url + path).name == name


def test_filter_that_every_feature_satisfies_is_none(far: FakeFeatureServer, tmp_path: Path) -> None:
    sent = f'{{"url":"{far.url}/files/one.json","filter":"1=1","time":null}}'
    assert prepared(far, tmp_path, GPFeatureRecordSetLayer(), sent).name == "one.json"


def test_raster_takes_its_extension_from_the_caller(far: FakeFeatureServer, tmp_path: Path) -> None:
    sent = f'{{"url":"{far.url}/files/coverage","format":"tif"}}'
    assert prepared(far, tmp_path, GPRasterData(), sent).name == "coverage.tif"


def test_upload_is_copied_within_the_limits_of_the_run(far: FakeFeatureServer, tmp_path: Path) -> None:
    path = prepared(far, tmp_path, GPDataFile(), f'{{"itemID":"{ITEM}"}}')
    assert path.read_text() == "at most 2000000"
    large = replace(LIMITS, max_bytes=5 * 2**30)
    path = prepared(
        far, tmp_path / "other", GPFeatureRecordSetLayer(), f'{{"itemID":"{ITEM}"}}', limits=large
    )
    assert path.read_text() == "at most 500000000"


def test_item_of_the_portal_is_read_from_there(far: FakeFeatureServer, tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter, match="HTTP 404"):
        prepared(far, tmp_path, GPDataFile(), f'{{"portalItemID":"{PORTAL_ITEM}"}}')
    assert far.seen[-1][0] == f"/portal/sharing/rest/content/items/{PORTAL_ITEM}/data"


REFUSED = [
    (GPDataFile(), f'{{"itemID":"{ITEM[:-1]}f"}}', "there is no upload"),
    (GPFeatureRecordSetLayer(), "{far}/files/../error", "answered: 498 Invalid Token"),
    (
        GPFeatureRecordSetLayer(),
        "{far}/arcgis/rest/services/Cities/FeatureServer/0?count=10001",
        "more than 10,000",
    ),
    (GPDataFile(), "{far}/error", "answered: 498 Invalid Token"),
    (GPRasterData(), "{far}/error", "answered: 498 Invalid Token"),
    (GPFeatureRecordSetLayer(), "{far}/arcgis/rest/services/Cities/FeatureServer", "no layer of it"),
    (GPFeatureRecordSetLayer(), '{"url":"{far}/files/one.json","filter":"a=1"}', "its 'filter' is for"),
    (GPFeatureRecordSetLayer(), f'{{"itemID":"{ITEM}","filter":"a=1"}}', "its 'filter' is for"),
    (GPRecordSet(), f'{{"itemID":"{ITEM}","time":"5"}}', "its 'time' is for"),
    (GPDataFile(), f'{{"url":"{{far}}{LAYER}","filter":"a=1"}}', "its 'filter' is for"),
    (GPRasterData(), f'{{"url":"{{far}}{IMAGES}","time":5}}', "its 'time' is for"),
    (GPDataFile(), "{far}/bomb", "larger than 2,000,000 bytes"),
    (GPRasterData(), "{far}/page/ImageServer", "does not describe an image service"),
    (GPRasterData(), f"{{far}}/large{IMAGES}", "9,000 by 500 pixels"),
]


@pytest.mark.parametrize(("data_type", "sent", "problem"), REFUSED)
def test_what_cannot_be_had_is_told_with_the_parameter(
    far: FakeFeatureServer, tmp_path: Path, data_type: DataType, sent: str, problem: str
) -> None:
    with pytest.raises(InvalidParameter, match=problem) as caught:
        prepared(far, tmp_path, data_type, sent.replace("{far}/files/..", far.url).replace("{far}", far.url))
    assert caught.value.parameter == "In"


def test_cancel_ends_the_fetching(far: FakeFeatureServer, tmp_path: Path) -> None:
    asked: list[int] = []

    def check_cancelled() -> None:
        asked.append(1)
        if len(asked) > 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        prepared(far, tmp_path, GPFeatureRecordSetLayer(), f"{far.url}{LAYER}?count=9000", check_cancelled)
    assert len(far.queries()) < 9


class Remembering:
    """Fetches an empty file, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[InputRequest] = []

    def fetch(self, request: InputRequest, folder: Path, check_cancelled: CheckCancelled) -> LocalFile:
        self.asked.append(request)
        path = folder / "a"
        path.write_bytes(b"12345")
        return LocalFile(path)


def test_fetcher_is_told_the_limits_the_time_and_the_own_site(tmp_path: Path) -> None:
    fetcher = Remembering()
    task = TaskSpec("T", "T", "", (Parameter("In", "In", "", GPMultiValue(GPDataFile())),))
    context = RunContext(task, LIMITS, tmp_path, lambda: None, time.monotonic() + 30)
    sent = '[{"url":"https://a.example.org/x","token":"t"},{"url":"https://b.example.org/y"}]'
    call = Call("S", "T", {"In": sent}, files_url="https://gis.example.org:8443/arcgis/rest/directories/x/")
    InputPreparation(lambda: Inputs(fetcher, OneItem())).prepare(call, context)
    first, second = fetcher.asked
    assert (first.reference.url, first.reference.token) == ("https://a.example.org/x", "t")
    assert second.reference.token == ""
    assert first.own == {"gis.example.org:8443"}
    assert first.max_features == LIMITS.max_features
    assert (first.max_bytes, second.max_bytes) == (LIMITS.max_bytes, LIMITS.max_bytes - 5)
    assert 20 < second.seconds <= first.seconds <= 30


def test_inputs_share_the_limits_of_the_run(far: FakeFeatureServer, tmp_path: Path) -> None:
    fetcher = DirectFetcher(Policy(private=frozenset({far.place})))
    task = TaskSpec("T", "T", "", (Parameter("In", "In", "", GPMultiValue(GPDataFile())),))

    def prepare(count: int, most: int) -> None:
        sent = orjson.dumps([f"{far.url}/files/a"] * count).decode()
        limits, folder = replace(LIMITS, max_bytes=most), tmp_path / f"{count}-{most}"
        call = Call("S", "T", {"In": sent})
        context = RunContext(task, limits, folder, lambda: None)
        InputPreparation(lambda: Inputs(fetcher, OneItem())).prepare(call, context)

    prepare(3, 18)
    with pytest.raises(InvalidParameter, match="larger than 5 bytes"):
        prepare(3, 17)
    prepare(100, 1_000)
    with pytest.raises(InvalidParameter, match="more than 100 references"):
        prepare(101, 1_000)
