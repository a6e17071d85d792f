"""Writing documents and errors in the format of an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from gpserverless.errors import RequestError, RunError
from gpserverless.http.answer_format import FEATURE_FORMATS, IMAGE, LAYER_FORMATS, Format
from gpserverless.http.error_codes import find_error_code
from gpserverless.http.response import Response

_TYPES = {"json": "application/json; charset=utf-8", **FEATURE_FORMATS, **LAYER_FORMATS}

_TOKEN_CODES = (498, 499)


def write(document: Any, answer_format: Format) -> Response:
    """Write an answer in a format.

    Args:
        document: JSON values, or the bytes of a JSON text, a KMZ or a CSV.
        answer_format: The format; html is written as pjson, of which the page is drawn.
    """
    compact = document if isinstance(document, bytes) else orjson.dumps(document)
    is_compact = answer_format.name in _TYPES
    if is_compact and not answer_format.callback:
        return Response(compact, _TYPES[answer_format.name])
    text = compact if is_compact else orjson.dumps(orjson.loads(compact), option=orjson.OPT_INDENT_2)
    if answer_format.callback:
        return Response(
            b"/**/%s(%s);" % (answer_format.callback.encode(), text), "application/javascript; charset=utf-8"
        )
    return Response(text)


def write_file(content: bytes, answer_format: Format, name: str) -> Response:
    """Write an answer in a format of features, which a browser saves as a file.

    Args:
        content: The content.
        answer_format: The format.
        name: Name of the file, in ASCII, without its ending.
    """
    response = write(content, answer_format)
    if answer_format.callback:
        return response
    saved = {"content-disposition": f'attachment; filename="{name}.{answer_format.name}"'}
    return replace(response, headers=saved)


def envelope(error: Exception) -> dict[str, Any]:
    """Return the error object of an error; only those raised for the caller show their text.

    Args:
        error: Any exception.
    """
    code, message = find_error_code(error)
    return {"error": {"code": code, "message": message, "details": _details_of(error)}}


def _details_of(error: Exception) -> list[str]:
    if isinstance(error, RequestError):
        return list(error.details)
    if isinstance(error, RunError):
        return [str(error)]
    return ["The service failed; try again."]  # a failure inside is for the log, not for the caller


def write_error(error: Exception, answer_format: Format) -> Response:
    """Write an error: HTTP 200 with the envelope, as clients expect it; a browser gets the real code.

    The codes of tokens are of this protocol alone, so a browser gets 401 for them.

    Args:
        error: Any exception.
        answer_format: The format of the answer.
    """
    document = envelope(error)
    if answer_format.name in (*FEATURE_FORMATS, *LAYER_FORMATS, IMAGE):
        answer_format = replace(answer_format, name="json")
    response = write(document, answer_format)
    if answer_format.name != "html":
        return response
    code = document["error"]["code"]
    if code in _TOKEN_CODES:
        return replace(response, status=401, headers={"www-authenticate": "Bearer"})
    return replace(response, status=code)
