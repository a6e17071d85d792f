"""Frames between a function and its child: they arrive unchanged, and none of a child's is unpickled."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from gpserverless.datatypes.references import LocalFile
from gpserverless.errors import (
    InvalidParameter,
    NotFound,
    OutOfMemory,
    RequestError,
    RunError,
    ToolCrashed,
    ToolError,
)
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.sandbox.frames import (
    EndFrame,
    MessageFrame,
    OutputFrame,
    ProgressFrame,
    ReportFrame,
    RunRequest,
    decode_report,
    decode_request,
    encode,
)
from gpserverless.toolkit.call import Call, CallOptions, Output, OutputLayer
from gpserverless.toolkit.run import Message

MANIFEST = LayerManifest(
    "Zones",
    "esriGeometryPolygon",
    {"wkid": 25832},
    ({"name": "OBJECTID"},),
    "OBJECTID",
    3,
    (0.5, 0.0, 1.0, 2.0),
    size=65_536,
)
LAYER = OutputLayer(Path("/tmp/layer.sqlite"), MANIFEST)
REPORTS = [
    MessageFrame(Message("warning", "half a café")),
    ProgressFrame("Reading", 50),
    ProgressFrame("Reading", None),
    OutputFrame(Output("zones", "GPString", b'{"value":"x"}')),
    OutputFrame(Output("zones", "GPString", b"")),
    OutputFrame(Output("zones", "GPString", Path("/tmp/zones.json"), has_z=True, has_m=True)),
    OutputFrame(Output("zones", "GPDataFile", b"{}", {"a.csv": Path("/tmp/a.csv")})),
    OutputFrame(Output("zones", "GPFeatureRecordSetLayer", b"{}", layer=LAYER)),
    EndFrame(None, None),
    EndFrame(None, 80_000_000),
]


@pytest.mark.parametrize("frame", REPORTS, ids=repr)
def test_report_arrives_as_it_was_sent(frame: ReportFrame) -> None:
    assert decode_report(*encode(frame)) == frame


def test_request_arrives_as_it_was_sent() -> None:
    values = {"a": "text", "b": LocalFile(Path("/tmp/b.json")), "c": ["1", LocalFile(Path("/tmp/c.json"))]}
    call = Call("Samples", "Buffer", values, CallOptions(out_sr={"wkid": 3857}), "https://example.org/files/")
    request = RunRequest(call, Path("/tmp/run"), {"job": "j1"})
    assert decode_request(*encode(request)) == request


class OwnError(ToolError):
    """An error of a tool's author."""


ERRORS: list[tuple[RequestError | RunError, type[Exception]]] = [
    (ToolError("There are no points."), ToolError),
    (ToolError("two", "texts"), ToolError),
    (OwnError("There are no points."), ToolError),
    (OutOfMemory("The tool ran out of memory."), OutOfMemory),
    (NotFound("Task not found."), NotFound),
    (InvalidParameter("distance", "'x' is not a number", "a number"), InvalidParameter),
]


@pytest.mark.parametrize(("sent", "kind"), ERRORS, ids=repr)
def test_error_arrives_with_its_class_and_its_texts(
    sent: RequestError | RunError, kind: type[Exception]
) -> None:
    end = decode_report(*encode(EndFrame(sent, 7)))
    assert isinstance(end, EndFrame)
    assert (type(end.error), str(end.error), end.peak_bytes) == (kind, str(sent), 7)
    if isinstance(sent, RequestError):
        assert isinstance(end.error, RequestError)
        assert end.error.details == sent.args
    if isinstance(sent, InvalidParameter):
        assert isinstance(end.error, InvalidParameter)
        assert end.error.parameter == sent.parameter


def test_half_a_character_in_a_text_is_replaced() -> None:
    frames = MessageFrame(Message("warning", "a \ud800")), ProgressFrame("a \ud800", 1)
    message, progress = (decode_report(*encode(frame)) for frame in frames)
    assert message == MessageFrame(Message("warning", "a ?"))
    assert progress == ProgressFrame("a ?", 1)


class Bomb:
    """Unpickled, it leaves a file."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("exploded",)


WRONG = [
    (b"", pickle.dumps(Bomb())),
    (pickle.dumps(Bomb()), b""),
    (b'{"frame":"request"}', pickle.dumps(Bomb())),
    (b'{"frame":"end","error":["ToolError"],"peak_bytes":1}', b""),
    (b'{"frame":"end","error":["GPServerlessError",[],""],"peak_bytes":1}', b""),
    (b'{"frame":"end","error":["annotations",[],""],"peak_bytes":1}', b""),
    (b'{"frame":"message","kind":"warning"}', b""),
    (b'{"kind":"warning","text":"x"}', b""),
    (b'["message","warning","x"]', b""),
]


@pytest.mark.parametrize(("header", "body"), WRONG)
def test_anything_else_from_a_child_is_a_crash_of_its_tool(
    header: bytes, body: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ToolCrashed, match="something else than results"):
        decode_report(header, body)
    assert list(tmp_path.iterdir()) == []


def test_what_a_caller_writes_never_becomes_a_local_file() -> None:
    texts = ['{"path":"/etc/passwd"}', str(LocalFile(Path("/etc/passwd"))), "LocalFile"]
    call = Call("Samples", "Buffer", {str(number): text for number, text in enumerate(texts)})
    request = RunRequest(call, Path("/tmp"), {})
    assert decode_request(*encode(replace(request))).call.values == call.values
