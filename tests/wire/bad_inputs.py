"""Malformed and malicious requests, as bytes: what is in `bad_inputs.json`, with its forms written out.

A form is an object with one key: `{"$rep": ["9", 5000]}` is a text of 5,000 nines. A name in braces stands
for a part of the site under test: `{param:GPLong}` is a parameter of this type.
"""

from __future__ import annotations

import base64
import io
import json
import math
import random
import re
import stat
import zipfile
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("bad_inputs.json").read_text("utf-8"))

_BOUNDARY = "b9001"
_FORM = "application/x-www-form-urlencoded"
_END = re.compile(r"[\r\n]")
_NAME = re.compile(r"\{(\w+)(?::([\w:]+))?\}")


@dataclass(frozen=True)
class Planted:
    """What is added to every request.

    Attributes:
        query: Fields of the query.
        form: Fields of a form.
        headers: Headers.
    """

    query: tuple[tuple[str, str], ...]
    form: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]


def build_requests(
    places: Mapping[str, str], host: str, planted: Planted, ids: Container[str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield the id and the bytes of every request.

    Args:
        places: Values of the names in braces; one with a type stands in `Echo` of the conformance service.
        host: `host:port` of the server.
        planted: What is added to each.
        ids: Ids of the requests; None for all. Some are megabytes long.
    """
    for case in CASES:
        if ids is not None and case["id"] not in ids:
            continue
        is_job = any(part in str(case["path"]) for part in ("async", "/jobs", "{op:"))
        service = f"Conformance/{'Async' if is_job else 'Sync'}"
        writer = _Writer({**places, "service": service, "op": "submitJob" if is_job else "execute"})
        yield case["id"], _write_request(case, writer, host, planted)


def _write_request(case: Mapping[str, Any], writer: _Writer, host: str, planted: Planted) -> bytes:
    path = case["path"]
    below = (
        "" if re.match(r"\{(token_path|rest_root|scheduling_path)\}", str(path)) else "/arcgis/rest/services"
    )
    target = (
        (below.encode() + writer.write(path, quote)) + b"?" + _write_query(case.get("query"), writer, planted)
    )
    headers = {"Host": host, "Connection": "close", **planted.headers}
    content = b""
    if body := case.get("body"):
        content, content_type = _write_body(body, writer, planted)
        headers["Content-Type"] = content_type
        headers["Content-Length"] = str(body.get("length", len(content)))
        if "encoding" in body:
            headers["Content-Encoding"] = body["encoding"]
        if "te" in body:
            headers["Transfer-Encoding"] = body["te"]
    headers |= {
        name: writer.write(value).decode("latin-1") for name, value in case.get("headers", {}).items()
    }
    head = "".join(f"{name}: {_END.sub(' ', value)}\r\n" for name, value in headers.items())
    line = case["method"].encode() + b" " + target + b" HTTP/1.1\r\n"
    return line + head.encode("latin-1", "replace") + b"\r\n" + content


def _write_query(query: Any, writer: _Writer, planted: Planted) -> bytes:
    added = "&".join(f"{name}={quote_plus(value)}" for name, value in planted.query).encode()
    if isinstance(query, str):
        return query.encode() + b"&" + added
    pairs = [_write_field(name, value, writer) for name, value in query or ()]
    return b"&".join([*pairs, added])


def _write_field(name: Any, value: Any, writer: _Writer) -> bytes:
    return f"{quote_plus(writer.write(name))}={quote_plus(writer.write(value))}".encode()


def _write_body(body: Mapping[str, Any], writer: _Writer, planted: Planted) -> tuple[bytes, str]:
    if "form" in body:
        fields = [(name, value) for name, value in body["form"] if name != "$valid"]
        return b"&".join(_write_field(*field, writer) for field in [*fields, *planted.form]), _FORM
    if "multipart" in body or "$manyparts" in body:
        many = [{"name": f"n{i}", "content": "v"} for i in range(body.get("$manyparts", 0))]
        added = [{"name": name, "content": value} for name, value in planted.form]
        parts = b"".join(_write_part(part, writer) for part in [*body.get("multipart", many), *added])
        return parts + f"--{_BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={_BOUNDARY}"
    raw = base64.b64decode(body["b64"]) if "b64" in body else writer.write(body["raw"])
    return raw, body.get("type", _FORM)


def _write_part(part: Mapping[str, Any], writer: _Writer) -> bytes:
    filename = f'; filename="{part["filename"]}"' if "filename" in part else ""
    content_type = f"\r\nContent-Type: {part['type']}" if "type" in part else ""
    disposition = f'Content-Disposition: form-data; name="{part["name"]}"{filename}'
    head = f"--{_BOUNDARY}\r\n{disposition}{content_type}\r\n\r\n"
    return head.encode("utf-8", "surrogatepass") + writer.write(part["content"]) + b"\r\n"


class _Writer:
    """Writes values out as bytes.

    Args:
        places: Values of the names in braces.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def write(self, value: Any, quoted: Callable[[str], str] = str) -> bytes:
        """Write a value out; values of names in braces are quoted first."""
        if isinstance(value, str):
            return _NAME.sub(lambda found: quoted(self._find(found)), value).encode("utf-8", "surrogatepass")
        if not isinstance(value, dict):
            return b"" if value is None else str(value).encode()
        ((form, given),) = value.items()
        return self._forms()[form](given)

    def _find(self, found: re.Match[str]) -> str:
        name, kind = found.groups()
        if kind is None:
            return self._places.get(name, found[0])
        return {"task": "Echo", "op": self._places["op"], "param": f"In_{kind.replace(':', '_')}"}[name]

    def _forms(self) -> Mapping[str, Callable[[Any], bytes]]:
        return {
            "$rep": lambda given: (given[0] * given[1]).encode(),
            "$cat": lambda given: b"".join(map(self.write, given)),
            "$json": lambda given: json.dumps({n: self.write(v).decode() for n, v in given.items()}).encode(),
            "$wide": lambda count: b"{%s}" % b",".join(b'"k%d":%d' % (i, i) for i in range(count)),
            "$star": _write_star,
            "$manyrings": _write_rings,
            "$zip": lambda files: _write_zip([(n, self.write(content)) for n, content in files]),
            "$zipmany": lambda count: _write_zip([(f"f{i}.txt", b"") for i in range(count)]),
            "$ziplink": lambda link: _write_zip([(_link(link[0]), link[1].encode())]),
        }


def _write_star(count: int) -> bytes:
    chance = random.Random(9001)
    return _write_polygon([[[chance.uniform(-90, 90), chance.uniform(-90, 90)] for _ in range(count)]])


def _write_rings(count: int) -> bytes:
    turn = [(0.0, 0.0), (0.0, 1.0), (0.5, 1.0), (0.0, 0.0)]
    return _write_polygon([[[math.fmod(i, 170) + x, y] for x, y in turn] for i in range(count)])


def _write_polygon(rings: list[list[list[float]]]) -> bytes:
    features = [{"geometry": {"rings": rings}}]
    described = {"geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4326}}
    return json.dumps({**described, "features": features}).encode()


def _write_zip(files: list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    with io.BytesIO() as written:
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files:
                archive.writestr(name, content)
        return written.getvalue()


def _link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info
