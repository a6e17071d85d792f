"""The frames between a function and the child that runs its tool, and how each is encoded.

A request goes down, reports come up. A report is JSON with a body of bytes. Nothing that a child sends is
ever unpickled, so a tool cannot make the function run code. A request comes from the function itself and is
pickled: fetched inputs are objects of a class of their own (`LocalFile`), which no caller's JSON becomes.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from gpserverless import errors
from gpserverless.errors import InvalidParameter, RequestError, RunError, ToolCrashed
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.toolkit.call import Call, Output, OutputLayer
from gpserverless.toolkit.run import Message

_ERRORS: Mapping[str, type[RequestError | RunError]] = {
    kind.__name__: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, (RequestError, RunError))
}


@dataclass(frozen=True)
class RunRequest:
    """The one call that a child runs.

    Attributes:
        call: The call.
        folder: The run's own folder.
        log_ids: Part of every log line of the run, such as `job`.
    """

    call: Call
    folder: Path
    log_ids: Mapping[str, str]


@dataclass(frozen=True)
class MessageFrame:
    """One message of the tool."""

    message: Message


@dataclass(frozen=True)
class ProgressFrame:
    """The state of the progress bar; `percent` is 0 to 100."""

    text: str
    percent: int | None


@dataclass(frozen=True)
class OutputFrame:
    """One output. A large body is not sent: it lies in a file, and the frame names that."""

    output: Output


@dataclass(frozen=True)
class EndFrame:
    """The end of the run.

    Attributes:
        error: The error that it ended with, if any.
        peak_bytes: Most memory that the child had resident, where that is known.
    """

    error: RequestError | RunError | None
    peak_bytes: int | None


ReportFrame = MessageFrame | ProgressFrame | OutputFrame | EndFrame


def encode(frame: RunRequest | ReportFrame) -> tuple[bytes, bytes]:
    """Encode a frame as a header and a body.

    Args:
        frame: The frame.
    """
    match frame:
        case RunRequest():
            return b"", pickle.dumps(frame)
        case MessageFrame(message):
            return _encode_header("message", kind=message.kind, text=_replace_surrogates(message.text)), b""
        case ProgressFrame(text, percent):
            return _encode_header("progress", text=_replace_surrogates(text), percent=percent), b""
        case OutputFrame(output):
            return _encode_output(output)
        case EndFrame(error, peak_bytes):
            return _encode_header("end", error=_encode_error(error), peak_bytes=peak_bytes), b""


def decode_request(header: bytes, body: bytes) -> RunRequest:
    """Decode the frame that the function has sent; only a child may call this.

    Args:
        header: The header, which is empty.
        body: The body.
    """
    request: RunRequest = pickle.loads(body)  # noqa: S301 - it comes from the function  # nosec B301
    return request


def decode_report(header: bytes, body: bytes) -> ReportFrame:
    """Decode the frame that a child has sent.

    Args:
        header: The header.
        body: The body.

    Raises:
        ToolCrashed: It is no frame: the tool has written into the pipe.
    """
    try:
        fields = orjson.loads(header)
        return _decode_fields(fields.pop("frame"), fields, body)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ToolCrashed("The tool's process sent something else than results.") from None


def _decode_fields(name: str, fields: dict[str, Any], body: bytes) -> ReportFrame:
    match name:
        case "message":
            return MessageFrame(Message(**fields))
        case "progress":
            return ProgressFrame(**fields)
        case "output":
            return OutputFrame(_decode_output(fields, body))
        case "end":
            return EndFrame(_decode_error(fields["error"]), fields["peak_bytes"])
    raise ValueError(name)


def _encode_header(frame: str, **fields: Any) -> bytes:
    return orjson.dumps({"frame": frame, **fields})


def _encode_output(output: Output) -> tuple[bytes, bytes]:
    header = _encode_header(
        "output",
        name=output.name,
        data_type=output.data_type,
        body_file=None if isinstance(output.body, bytes) else str(output.body),
        files={name: str(path) for name, path in output.files.items()},
        has_z=output.has_z,
        has_m=output.has_m,
        layer=_encode_layer(output.layer),
    )
    return header, output.body if isinstance(output.body, bytes) else b""


def _decode_output(fields: dict[str, Any], body: bytes) -> Output:
    body_file = fields.pop("body_file")
    files = {name: Path(path) for name, path in fields.pop("files").items()}
    layer = _decode_layer(fields.pop("layer"))
    return Output(body=body if body_file is None else Path(body_file), files=files, layer=layer, **fields)


def _encode_layer(layer: OutputLayer | None) -> list[Any] | None:
    return None if layer is None else [str(layer.path), layer.manifest.to_document()]


def _decode_layer(encoded: list[Any] | None) -> OutputLayer | None:
    if encoded is None:
        return None
    path, manifest = encoded
    return OutputLayer(Path(path), LayerManifest.from_document(manifest))


def _encode_error(error: RequestError | RunError | None) -> list[Any] | None:
    if error is None:
        return None
    name = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _ERRORS)
    parameter = error.parameter if isinstance(error, InvalidParameter) else ""
    return [name, [_replace_surrogates(str(argument)) for argument in error.args], parameter]


def _decode_error(encoded: list[Any] | None) -> RequestError | RunError | None:
    if encoded is None:
        return None
    name, arguments, parameter = encoded
    kind = _ERRORS[name]
    error = kind.__new__(kind)  # its own arguments may be others than its texts
    Exception.__init__(error, *arguments)
    if isinstance(error, RequestError):
        error.details = tuple(arguments)
    if isinstance(error, InvalidParameter):
        error.parameter = str(parameter)
    return error


def _replace_surrogates(text: str) -> str:
    """Replace characters that UTF-8 cannot hold, such as half of a pair."""
    return text.encode("utf-8", "replace").decode()
