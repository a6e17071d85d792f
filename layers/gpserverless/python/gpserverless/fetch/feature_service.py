"""Layers and tables of feature and map services: all their features, page by page, as one feature set.

The pages are appended to a file as they come, so that no more than one of them is in memory.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson
import simdjson

from gpserverless.datatypes.references import Reference
from gpserverless.datatypes.scalars import quoted
from gpserverless.errors import InvalidValue
from gpserverless.fetch.http_fetcher import FetchRequest, HttpFetcher

MAX_PAGES = 5_000
MAX_PAGE_BYTES = 50_000_000
DEFAULT_PAGE = 1_000
"""Features asked for at a time where the layer does not say how many it gives."""

_LAYER = re.compile(r"(/(?:FeatureServer|MapServer)/[0-9]+)(/query)?/?", re.IGNORECASE)
_HEADER = ("objectIdFieldName", "geometryType", "spatialReference", "hasZ", "hasM", "fields")
_OWN = frozenset({"f", "token", "callback", "where", "returngeometry", "quantizationparameters"})
_PAGE = frozenset({"resultoffset", "resultrecordcount", "objectids"})
_THROTTLED = (429, 503)
_TRIES = 4
_RETRY_SECONDS = 2.0


@dataclass(frozen=True)
class Layer:
    """A layer or table, and the query for its features.

    Attributes:
        url: URL of the layer, without a query.
        fields: Fields of the query, under the protocol's names.
        token: Token for its server.
        one_page: Whether the reference asks for a page of its own choice.
    """

    url: str
    fields: Mapping[str, str]
    token: str = ""
    one_page: bool = False


def parse_layer(reference: Reference) -> Layer | None:
    """Return the layer of a reference, or None if its URL is not that of a layer or of its query.

    Clauses and tokens may stand in the URL or beside it. Of two clauses, both must hold.
    """
    parts = urlsplit(reference.url)
    end = next((m for m in _LAYER.finditer(parts.path) if m.end() == len(parts.path)), None)
    if end is None:
        return None
    given = parse_qsl(parts.query)
    folded = {name.lower(): value for name, value in given}
    clauses = [clause for clause in (folded.get("where", ""), reference.where) if clause.strip()]
    where = " AND ".join(f"({clause})" for clause in clauses) if len(clauses) > 1 else "".join(clauses)
    fields = {name: value for name, value in given if name.lower() not in _OWN}
    fields |= {"where": where or "1=1"} | ({"time": reference.time} if reference.time else {})
    bare = urlunsplit(parts._replace(path=parts.path[: end.end(1)], query="", fragment=""))
    return Layer(bare, fields, reference.token or folded.get("token", ""), not _PAGE.isdisjoint(folded))


class LayerReader:
    """Reads the features of one layer.

    Args:
        fetcher: Asks the server.
        layer: The layer.
        most_features: Most features that are read.
        most_bytes: Most bytes that all pages together may have.
    """

    def __init__(self, fetcher: HttpFetcher, layer: Layer, most_features: int, most_bytes: int) -> None:
        self._fetcher = fetcher
        self._layer = layer
        self._most_features = most_features
        self._bytes_left = most_bytes

    def write(self, file: BinaryIO) -> None:
        """Write the features as one feature set in Esri JSON.

        Raises:
            InvalidValue: The layer cannot be read, or holds more than is accepted.
        """
        about = _LayerDescription.of(self._request(self._layer.url, {}))
        features = 0
        for number, page in enumerate(self._read_pages(about)):
            if number >= MAX_PAGES:
                raise InvalidValue(f"the layer has more than {MAX_PAGES:,} pages")
            if number == 0:
                file.write(_begin_feature_set(page, about))
            found = page["features"]
            features += len(found)
            if features > self._most_features:
                raise InvalidValue(f"the layer holds more than {self._most_features:,} features")
            if len(found):
                file.write(b"," if features > len(found) else b"")
                file.write(found.mini[1:-1])
        file.write(b"]}")

    def _read_pages(self, about: _LayerDescription) -> Iterator[Any]:
        fields = {"outFields": "*", **about.options, **self._layer.fields}
        if self._layer.one_page:
            yield self._query(fields)
        elif about.pages:
            yield from self._read_by_offset(fields, about)
        else:
            yield from self._read_by_object_ids(fields, about)

    def _read_by_offset(self, fields: Mapping[str, str], about: _LayerDescription) -> Iterator[Any]:
        offset = 0
        while True:
            paging = {"resultOffset": str(offset), "resultRecordCount": str(about.page_size)}
            page = self._query({**fields, **about.order, **paging})
            yield page
            if not page.get("exceededTransferLimit") or not len(page["features"]):
                return
            offset += len(page["features"])

    def _read_by_object_ids(self, fields: Mapping[str, str], about: _LayerDescription) -> Iterator[Any]:
        answer = self._request(f"{self._layer.url}/query", {**fields, "returnIdsOnly": "true"})
        ids = orjson.loads(answer.mini).get("objectIds") or []
        if not all(isinstance(i, int) for i in ids):
            raise InvalidValue("the layer's object ids are not whole numbers")
        if len(ids) > self._most_features:
            raise InvalidValue(f"the layer holds more than {self._most_features:,} features")
        only = {name: value for name, value in fields.items() if name != "where"}
        if not ids:
            yield self._query({**only, "where": "1=0"})
        ids.sort()
        for start in range(0, len(ids), about.page_size):
            some = ",".join(map(str, ids[start : start + about.page_size]))
            yield self._query({**only, "objectIds": some})

    def _query(self, fields: Mapping[str, str]) -> Any:
        page = self._request(f"{self._layer.url}/query", fields)
        if not isinstance(page.get("features"), simdjson.Array):
            raise InvalidValue("the layer's server answered without features")
        return page

    def _request(self, url: str, fields: Mapping[str, str]) -> Any:
        """Return the parsed answer. A busy server may say so in an answer of status 200."""
        for tries_left in range(_TRIES - 1, -1, -1):
            body = self._fetch(url, {**fields, "f": "json"})
            answer = self._parse(body, url)
            problem = read_error(answer)
            if problem is None:
                return answer
            code, text = problem
            if code not in _THROTTLED or not tries_left:
                raise InvalidValue(f"the server at {quoted(urlsplit(url).hostname or '')} answered: {text}")
            self._fetcher.pause(_RETRY_SECONDS)
        raise AssertionError("the last try returns or raises")

    def _fetch(self, url: str, fields: Mapping[str, str]) -> bytes:
        encoded = urlencode(fields)
        most = min(MAX_PAGE_BYTES, self._bytes_left)
        short = len(url) + len(encoded) < 1_800
        ask = FetchRequest(f"{url}?{encoded}", self._layer.token, None, most) if short else None
        body = io.BytesIO()
        answer = self._fetcher.fetch(ask or FetchRequest(url, self._layer.token, fields, most), body)
        self._bytes_left -= answer.size
        return body.getvalue()

    def _parse(self, body: bytes, url: str) -> Any:
        try:
            answer = simdjson.Parser().parse(body)  # pages live side by side for a moment; a parser has one
        except (ValueError, RuntimeError):
            answer = None
        if not isinstance(answer, simdjson.Object):
            raise InvalidValue(f"the server at {quoted(urlsplit(url).hostname or '')} did not answer in JSON")
        return answer


@dataclass(frozen=True)
class _LayerDescription:
    """Properties of a layer that decide how it is read."""

    pages: bool
    page_size: int
    order: Mapping[str, str]
    options: Mapping[str, str]
    geometry_type: str
    fields: Any

    @classmethod
    def of(cls, answer: Any) -> _LayerDescription:
        about = orjson.loads(answer.mini)
        advanced = about.get("advancedQueryCapabilities")
        advanced = advanced if isinstance(advanced, dict) else {}
        most = about.get("maxRecordCount")
        fields = about.get("fields") if isinstance(about.get("fields"), list) else []
        object_id = about.get("objectIdField") or _find_object_id(fields)
        ordered = bool(advanced.get("supportsOrderBy")) and isinstance(object_id, str)
        located = isinstance(about.get("geometryType"), str) and about.get("type") != "Table"
        options = {"returnGeometry": "true" if located else "false"}
        options |= {f"return{o}": "true" for o in "ZM" if located and about.get(f"has{o}")}
        return cls(
            pages=bool(advanced.get("supportsPagination", about.get("supportsPagination"))),
            page_size=most if isinstance(most, int) and 0 < most <= 100_000 else DEFAULT_PAGE,
            order={"orderByFields": str(object_id)} if ordered else {},
            options=options,
            geometry_type=about["geometryType"] if located else "",
            fields=fields,
        )


def _find_object_id(fields: list[Any]) -> str | None:
    names = (f.get("name") for f in fields if isinstance(f, dict) and f.get("type") == "esriFieldTypeOID")
    return next(names, None)


def _begin_feature_set(page: Any, about: _LayerDescription) -> bytes:
    """Return the beginning of the feature set, from the header of the first page and of the layer."""
    header = {name: orjson.loads(_minify(page[name])) for name in _HEADER if name in page}
    if about.geometry_type:
        header.setdefault("geometryType", about.geometry_type)
    header.setdefault("fields", about.fields)
    return orjson.dumps(header)[:-1] + (b',"features":[' if header else b'"features":[')


def _minify(value: Any) -> bytes:
    text: Any = value.mini if isinstance(value, simdjson.Object | simdjson.Array) else orjson.dumps(value)
    return bytes(text)


def read_error(answer: Any) -> tuple[int, str] | None:
    """Return code and text of the error in an answer, or None. The text is plain and short."""
    if "error" not in answer:
        return None
    error = orjson.loads(_minify(answer["error"]))
    if not isinstance(error, dict):
        return 400, "an error"
    details = error.get("details")
    said = [error.get("message"), *(details if isinstance(details, list) else [details])]
    text = " ".join(dict.fromkeys(s.strip() for s in said if isinstance(s, str) and s.strip()))
    plain = "".join(c if c.isprintable() else " " for c in text)[:300]
    code = error.get("code")
    return code if isinstance(code, int) else 400, f"{code} {plain}".strip()
