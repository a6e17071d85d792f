"""The features of a map that have a text among their attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from gpserverless.clock import Clock, SystemClock
from gpserverless.errors import InvalidParameter, InvalidValue, MissingParameter
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.query import LayerFilter, PageQuery
from gpserverless.featurelayers.select import select_page
from gpserverless.features.fields import Field
from gpserverless.features.rows import is_null
from gpserverless.http.fields import read_flag, read_reference, read_text
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.protocols.mapserver.attributes import write_value
from gpserverless.protocols.mapserver.hits import MOST_HITS, HitStyle, answer_hits, read_hit_style, write_hits
from gpserverless.protocols.mapserver.layer_choice import choose_by_ids, read_conditions
from gpserverless.protocols.mapserver.ports import DescribeLayer, Map, MapLayer, MapSource
from gpserverless.values.quotation import quoted

_ROWS_AT_ONCE = 20_000
_MAX_TEXT = 1_000

Found = dict[int, str]
"""Names of the fields that have the text, by the object id of the feature."""


@dataclass(frozen=True)
class Search:
    """A search for a text.

    Attributes:
        text: The text.
        contains: Whether a part of a value is enough, in any letter case.
        fields: Names of the fields in small letters; none for all.
    """

    text: str
    contains: bool
    fields: frozenset[str]

    def make_test(self) -> Callable[[str], bool]:
        """Return the test of the text of a value."""
        wanted = self.text
        if not self.contains:
            return lambda text: text == wanted
        folded = wanted.casefold()
        return lambda text: folded in text.casefold()


@dataclass(frozen=True)
class Finder:
    """Answers the searches for a text.

    Attributes:
        source: Opens layers.
        describe: Describes layers.
        clock: The time.
    """

    source: MapSource
    describe: DescribeLayer
    clock: Clock = field(default_factory=SystemClock)

    def find(self, request: Request, shown: Map) -> Response:
        """Return the features that have a text.

        Args:
            request: The request.
            shown: The map.

        Raises:
            InvalidParameter: An option is wrong.
            RequestError: It takes too long.
        """
        search = _read_search(request)
        layers = choose_by_ids(request, shown)
        _check_fields(search, layers)
        conditions = read_conditions(request, self.clock.now())
        style = read_hit_style(request, read_reference(request, "sr"))
        hits: list[dict[str, Any]] = []
        for layer in layers:
            if layer.manifest.count and len(hits) <= MOST_HITS:
                hits += self._search(shown, layer, search, conditions.filter_layer(layer), style)
        return answer_hits(request, hits)

    def _search(
        self, shown: Map, layer: MapLayer, search: Search, wanted: LayerFilter, style: HitStyle
    ) -> list[dict[str, Any]]:
        display = str(self.describe(shown, layer)["displayField"])
        with self.source.open_layer(layer) as file:
            try:
                found = _find_ids(file, search, wanted)
                query = PageQuery(
                    LayerFilter(object_ids=tuple(found)),
                    tuple(field.name for field in file.fields),
                    limit=MOST_HITS + 1,
                )
                rows = select_page(file, query).rows
            except InvalidValue as error:
                raise InvalidParameter("layerDefs", error.problem, error.accepted) from None
        hits = write_hits(layer, rows, display, style)
        names = [field.name for field in file.fields]
        keys = dict(zip(names, style.attributes.list_keys(file.fields), strict=True))
        numbers = rows.object_ids.tolist()
        return [
            {**hit, "foundFieldName": keys[found[number]]} for hit, number in zip(hits, numbers, strict=True)
        ]


def _read_search(request: Request) -> Search:
    text = request.get("searchText", _MAX_TEXT)
    if not text:
        raise MissingParameter("searchText", "a text")
    fields = (part.strip().lower() for part in read_text(request, "searchFields").split(","))
    return Search(text, read_flag(request, "contains", default=True), frozenset(filter(None, fields)))


def _check_fields(search: Search, layers: tuple[MapLayer, ...]) -> None:
    """Raise if no layer has one of the fields: nothing at all could be found in it."""
    known = {str(field["name"]).lower() for layer in layers for field in layer.manifest.fields}
    missing = sorted(search.fields - known)
    if layers and missing:
        raise InvalidParameter(
            "searchFields", f"there is no field {quoted(missing[0])}", ", ".join(sorted(known))
        )


def _find_ids(file: LayerFile, search: Search, wanted: LayerFilter) -> Found:
    fields = [field for field in file.fields if not search.fields or field.name.lower() in search.fields]
    test, found = search.make_test(), Found()
    query = PageQuery(wanted, tuple(field.name for field in fields), limit=_ROWS_AT_ONCE, with_geometry=False)
    exceeded = bool(fields)
    while exceeded and len(found) <= MOST_HITS:
        page = select_page(file, query)
        ids = page.rows.object_ids.tolist()
        for each in fields:
            for row in _list_rows(each, page.rows.column(each.name).tolist(), test):
                found.setdefault(ids[row], each.name)
        query, exceeded = replace(query, offset=query.offset + _ROWS_AT_ONCE), page.exceeded
        file.check()
    return dict(sorted(found.items())[: MOST_HITS + 1])


def _list_rows(field: Field, values: list[Any], test: Callable[[str], bool]) -> Iterator[int]:
    return (
        row
        for row, value in enumerate(values)
        if not is_null(value) and test(value if isinstance(value, str) else write_value(field, value))
    )
