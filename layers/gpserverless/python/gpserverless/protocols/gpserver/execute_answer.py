"""The answer of `execute`: inline if it is small, else stored and linked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from gpserverless.calls.execute import ExecuteResult
from gpserverless.calls.file_urls import ExecuteFile
from gpserverless.cancellation import CheckCancelled
from gpserverless.datatypes.base import DumpOptions
from gpserverless.errors import TooLarge
from gpserverless.http.answer_format import Format
from gpserverless.http.response import Response, fit_response, see_other
from gpserverless.http.write import write, write_file
from gpserverless.outputs.compression import GZIP, gzip_file
from gpserverless.outputs.limits import INLINE_BYTES, LINK_SECONDS
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.protocols.gpserver import answers
from gpserverless.protocols.gpserver.feature_formats import encode_features
from gpserverless.toolkit.call import CallOptions
from gpserverless.toolkit.spec import Parameter

JSON_TYPE = "application/json; charset=utf-8"

OpenStore = Callable[[], ObjectStore]


@dataclass(frozen=True)
class AnswerPlan:
    """The form of an answer.

    Attributes:
        answer_format: Its format.
        folder: Its folder in the store, where a large answer and the files lie.
        accepts_gzip: Whether the client accepts gzip.
        geometry_precision: Decimals of coordinates in the formats of features; None for the resolution.
        output: The one output that an answer in a format of features holds; None in other formats.
    """

    answer_format: Format
    folder: str
    accepts_gzip: bool
    geometry_precision: int | None = None
    output: Parameter | None = None


@dataclass(frozen=True)
class ExecuteAnswer:
    """Writes the answer of `execute`.

    Attributes:
        options: The options of the call.
        plan: The form of the answer.
        open_store: Opens the store.
    """

    options: CallOptions
    plan: AnswerPlan
    open_store: OpenStore

    def is_quick(self, result: ExecuteResult) -> bool:
        """Return whether outputs surely become an answer as they are: nothing is stored or encoded.

        Args:
            result: The finished execute.
        """
        is_plain = all(isinstance(output.body, bytes) for output in result.outputs)
        size = sum(output.size for output in result.outputs)
        return is_plain and self.plan.answer_format.name == "json" and size <= INLINE_BYTES

    def write(self, result: ExecuteResult, check_cancelled: CheckCancelled) -> Response:
        """Return the answer of `execute`, or a redirect to it.

        Args:
            result: The finished execute.
            check_cancelled: Called between long steps; its exception ends the writing.

        Raises:
            UnsupportedFormat: The features cannot be written in the format.
            TooLarge: The answer is too large for JSONP.
            StorageError: The store cannot be reached.
        """
        plan = self.plan
        if plan.output is not None:
            return self._write_features(result, plan.output)
        pieces = list(answers.execution(result.outputs, result.messages))
        large = next((piece for piece in pieces if isinstance(piece, Path)), None)
        if large is not None and plan.answer_format == Format("json"):
            path = _join(pieces, large.with_name("answer.json"))
            return _store_file_answer(path, plan, self.open_store(), check_cancelled)
        return inline_or_store(b"".join(map(_read, pieces)), plan, self.open_store)

    def _write_features(self, result: ExecuteResult, parameter: Parameter) -> Response:
        plan = self.plan
        features = next(output for output in result.outputs if output.name == parameter.name)
        options = DumpOptions(return_z=self.options.return_z, geometry_precision=plan.geometry_precision)
        name, data_type = plan.answer_format.name, parameter.data_type
        body = encode_features(name, _read(features.body), data_type, options)
        return inline_or_store(body, plan, self.open_store)


def inline_or_store(body: bytes, plan: AnswerPlan, open_store: OpenStore) -> Response:
    """Return an answer in its format, or a redirect to it if it is too large to be handed over.

    Args:
        body: The answer in JSON, or in a format of features.
        plan: The form of the answer.
        open_store: Opens the store.

    Raises:
        TooLarge: It is too large, and in JSONP.
        StorageError: The store cannot be reached.
    """

    def store(response: Response) -> Response:
        if plan.answer_format.callback:
            raise TooLarge("The answer is too large for JSONP; use f=json with CORS.")
        open_store().put(_key(plan), response.body, response.content_type, response.encoding)
        return _link(plan, open_store(), response.content_type)

    if plan.output is None:
        response = write(body, plan.answer_format)
    else:
        response = write_file(body, plan.answer_format, plan.output.name)
    return fit_response(response, plan.accepts_gzip, store)


def _join(pieces: Iterable[bytes | Path], path: Path) -> Path:
    """Join the pieces of an answer in a file, so that it is never in memory as a whole."""
    with path.open("wb") as answer:
        for piece in pieces:
            if isinstance(piece, bytes):
                answer.write(piece)
            else:
                with piece.open("rb") as part:
                    shutil.copyfileobj(part, answer)
    return path


def _store_file_answer(
    path: Path, plan: AnswerPlan, store: ObjectStore, check_cancelled: CheckCancelled
) -> Response:
    encoding = ""
    if plan.accepts_gzip:
        path, encoding = gzip_file(path, check_cancelled), GZIP
    store.put_file(_key(plan), path, JSON_TYPE, check_cancelled, encoding)
    return _link(plan, store, JSON_TYPE)


def _key(plan: AnswerPlan) -> str:
    return ExecuteFile(plan.folder, "answer.json").key


def _link(plan: AnswerPlan, store: ObjectStore, content_type: str) -> Response:
    ending = "json" if plan.answer_format.name == "pjson" else plan.answer_format.name
    name = "answer" if plan.output is None else plan.output.name
    return see_other(store.presign_url(_key(plan), LINK_SECONDS, content_type, f"{name}.{ending}"))


def _read(piece: bytes | Path) -> bytes:
    return piece if isinstance(piece, bytes) else piece.read_bytes()
