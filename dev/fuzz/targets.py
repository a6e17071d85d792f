"""What is fuzzed: each target takes settings of hypothesis, and fails with a small input that breaks it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from dev.fuzz.data_types import TYPES
from dev.fuzz.readers import OPTIONS, READERS
from dev.fuzz.samples import make_files, make_rasters
from dev.fuzz.strategies import CHANGED, TEXTS, VALUES, change_bytes, change_text
from gpserverless import Raster, SpatialReference, SqlExpression, Table, read_features
from gpserverless.datatypes.base import DumpOptions, LoadOptions
from gpserverless.errors import GPServerlessError, InvalidValue
from gpserverless.testing import ErrorAnswer, Site
from gpserverless.testing.responses import SiteResponse

Target = Callable[[settings], None]

SYNC, ASYNC, TASK = "Conformance/Sync", "Conformance/Async", "Echo"
_CONDITIONS = (
    "POP > 1 AND NAME LIKE 'A%' ESCAPE '!'",
    "NOT (A IN (1, -2, NULL) OR B IS NOT NULL)",
    "\"a b\" <> 'O''B'",
    "ROUND(ABS(-A / 0), 2) % 3 BETWEEN 1 AND 2e3",
    "BUILT >= TIMESTAMP '2020-01-01 00:00:00'",
    "UPPER(NAME) || 'x' = 'Y'",
)


def fuzz_readers(how: settings) -> None:
    """Give every reader of a function texts; it raises no error but those of the package."""

    @how
    @given(st.sampled_from(sorted(READERS)), TEXTS)
    def check(name: str, text: str) -> None:
        with suppress(GPServerlessError):
            READERS[name](text)

    check()


def fuzz_loads(how: settings) -> None:
    """Give every data type JSON values; a value that it loads can be written as strict JSON."""

    @how
    @given(st.sampled_from(TYPES), CHANGED | VALUES | TEXTS.filter(_is_whole))
    def check(kind: Any, raw: Any) -> None:
        try:
            loaded = kind.load(raw, LoadOptions(warn=lambda text: None))
        except InvalidValue:
            return
        orjson.dumps(kind.dump(loaded, DumpOptions()))

    check()


def fuzz_features(how: settings) -> None:
    """Give feature sets another reference, as options ask; no ordinate of the answer is beyond numbers."""
    kind = next(kind for kind in TYPES if kind.name == "GPFeatureRecordSetLayer")

    @how
    @given(CHANGED | change_text(), st.sampled_from((4326, 3857, 25832, 54030, 3031, 2056)))
    def check(raw: Any, wkid: int) -> None:
        reference = SpatialReference(wkid).to_json()
        try:
            loaded = kind.load(raw, LoadOptions(process_sr=reference, extent=_box(wkid)))
            text = orjson.dumps(
                kind.dump(loaded, DumpOptions(out_sr=reference, return_z=True, return_m=True))
            )
        except InvalidValue:
            return
        assert all(map(math.isfinite, _list_numbers(orjson.loads(text))))

    check()


def fuzz_conditions(how: settings) -> None:
    """Give SQL to the evaluation on a table; it makes a mask or a refusal."""
    columns = {
        "POP": [1, 20, None],
        "NAME": ["Aal", "b%c", None],
        "A": [0.5, -1.0, None],
        "a b": ["x", "", "z"],
    }
    rows = Table().with_columns(columns)

    @how
    @given(change_text(st.sampled_from(_CONDITIONS)) | TEXTS)
    def check(text: str) -> None:
        with suppress(InvalidValue):
            assert len(SqlExpression(text).select(rows)) == 3

    check()


def fuzz_requests(how: settings) -> None:
    """Send requests to a whole site; it answers, or says what the caller has done wrong."""
    with Site.of_package() as site:
        names = _list_inputs(site) | st.sampled_from(("f", "callback"))

        @how
        @given(st.dictionaries(names, TEXTS.filter(_is_whole), max_size=4))
        def check(fields: dict[str, str]) -> None:
            _check_answer(site.post(f"/arcgis/rest/services/{SYNC}/GPServer/{TASK}/execute", fields))

        check()


def fuzz_jobs(how: settings) -> None:
    """Submit jobs, run them, and ask for everything there is of them."""
    with Site.of_package() as site:
        names = _list_inputs(site)

        @how
        @given(st.dictionaries(names, TEXTS.filter(_is_whole), max_size=3))
        def check(fields: dict[str, str]) -> None:
            place = f"/arcgis/rest/services/{ASYNC}/GPServer/{TASK}"
            answer = site.post(f"{place}/submitJob", fields)
            _check_answer(answer)
            with suppress(ErrorAnswer):
                job = f"{place}/jobs/{answer.json()['jobId']}"
                site.run_jobs()
                document = site.get(job).json()
                assert document["jobStatus"] in ("esriJobSucceeded", "esriJobFailed")
                told = " ".join(message["description"] for message in document["messages"])
                assert "because of an error in it" not in told, told
                results = [f"{job}/results/{name}" for name in document.get("results", ())]
                for path in (job, f"{job}/inputs", *results):
                    _check_answer(site.get(path))

        check()


def fuzz_files(how: settings) -> None:
    """Read files with a few other bytes; each is read, or refused with a reason."""
    files = make_files()

    @how
    @given(_change(files))
    def check(sample: tuple[str, bytes]) -> None:
        name, content = sample
        with _folder() as folder, suppress(InvalidValue):
            (folder / name).write_bytes(content)
            read_features(folder / name, warn=lambda text: None)

    check()


def fuzz_rasters(how: settings) -> None:
    """Read rasters with a few other bytes; each is read, or refused with a reason."""
    from rasterio.errors import RasterioError

    rasters = make_rasters()

    @how
    @given(_change(rasters))
    def check(sample: tuple[str, bytes]) -> None:
        name, content = sample
        with _folder() as folder, suppress(InvalidValue, RasterioError):
            (folder / name).write_bytes(content)
            _ = Raster(folder / name).spatial_reference

    check()


TARGETS: Mapping[str, Target] = {
    "readers": fuzz_readers,
    "loads": fuzz_loads,
    "features": fuzz_features,
    "conditions": fuzz_conditions,
    "requests": fuzz_requests,
    "jobs": fuzz_jobs,
    "files": fuzz_files,
    "rasters": fuzz_rasters,
}


def _change(files: Mapping[str, bytes]) -> st.SearchStrategy[tuple[str, bytes]]:
    """Return a strategy for a name among some, and its content with other bytes."""
    return st.sampled_from(sorted(files)).flatmap(
        lambda name: st.tuples(st.just(name), change_bytes(st.just(files[name])))
    )


def _is_whole(text: str) -> bool:
    """Return whether a text has no half of a character; requests with one never come so far."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder to the files that a reader makes, and remove them."""
    with tempfile.TemporaryDirectory() as folder:
        before, tempfile.tempdir = tempfile.tempdir, folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = before


def _list_inputs(site: Site) -> st.SearchStrategy[str]:
    """Return the names of the inputs of the task that has one of each type, and of the options."""
    about = site.get(f"/arcgis/rest/services/{SYNC}/GPServer/{TASK}").json()
    inputs = [each for each in about["parameters"] if each["direction"].endswith("Input")]
    return st.sampled_from((*(each["name"] for each in inputs), *OPTIONS))


def _check_answer(answer: SiteResponse) -> None:
    """Check that an answer is none of an error in the site."""
    assert answer.status < 500
    kind = answer.headers.get("content-type", "")
    document = orjson.loads(answer.body) if kind.startswith("application/json") else {}
    error = document.get("error", {}) if isinstance(document, dict) else {}
    assert error.get("code", 400) < 500, error
    assert "because of an error in it" not in str(error), error


def _box(wkid: int) -> dict[str, Any]:
    sides = {"xmin": -100, "ymin": -50, "xmax": 100, "ymax": 50}
    return {**sides, "spatialReference": {"wkid": wkid}}


def _list_numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _list_numbers(each)
    elif isinstance(value, float):
        yield value
