"""Layers and tables of feature and map services, as their URLs name them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from gpserverless.datatypes.references import Reference
from gpserverless.errors import InvalidValue
from gpserverless.values.quotation import quoted

_LAYER = re.compile(r"(/(?:FeatureServer|MapServer(?:/jobs/[0-9a-z]+)?)/[0-9]+)(/query)?/?", re.IGNORECASE)
_SERVICE = re.compile(r"/(FeatureServer|MapServer)(/query)?/*", re.IGNORECASE)

_NEVER_SENT = frozenset(
    {"f", "token", "callback", "where", "returngeometry", "resultoffset", "resultrecordcount"}
    # what makes coordinates coarser, or answers something else than features
    | {"quantizationparameters", "maxallowableoffset", "geometryprecision", "resulttype", "returncentroid"}
    | {"returnexceededlimitfeatures", "maxrecordcountfactor", "returnextentonly", "returncountonly"}
    | {"returnidsonly", "returnuniqueidsonly"}
)
_SPELLING = {
    name.lower(): name
    for name in (
        *("time", "outFields", "orderByFields", "objectIds", "returnZ", "returnM"),
        *("outStatistics", "groupByFieldsForStatistics", "returnDistinctValues"),
    )
}


@dataclass(frozen=True)
class Layer:
    """A layer or table, and the query for its features.

    Attributes:
        url: URL of the layer, without a query.
        fields: Fields of the query, under the protocol's names, without those of paging.
        token: Token for its server.
        offset: Number of features that the reference leaves out at the beginning.
        most: Most features that the reference asks for; None for all.
    """

    url: str
    fields: Mapping[str, str]
    token: str = field(default="", repr=False)
    offset: int = 0
    most: int | None = None

    @property
    def is_part(self) -> bool:
        """Whether the reference asks for a part of the features by their position."""
        return self.offset > 0 or self.most is not None

    @property
    def is_aggregated(self) -> bool:
        """Whether the query is for statistics or distinct values: its rows are no features of the layer."""
        distinct = self.fields.get("returnDistinctValues", "").lower() == "true"
        return distinct or not {"outStatistics", "groupByFieldsForStatistics"}.isdisjoint(self.fields)


def parse_layer(reference: Reference) -> Layer | None:
    """Return the layer of a reference, or None if its URL is not that of a layer or of its query.

    Clauses and tokens may stand in the URL or beside it. Of two clauses, both must hold.

    Args:
        reference: The reference.

    Raises:
        InvalidValue: The URL names a service without one of its layers, a page that cannot be, or a time that
            is not the one of the reference.
    """
    parts = urlsplit(reference.url)
    if service := _find_at_end(_SERVICE, parts.path):
        raise InvalidValue(
            "the URL names a service, and no layer of it", f"a URL that ends in /{service[1]}/0, for instance"
        )
    end = _find_at_end(_LAYER, parts.path)
    if end is None:
        return None
    given = parse_qsl(parts.query)
    folded = {name.lower(): value for name, value in given}
    clauses = [clause for clause in (folded.get("where", ""), reference.where) if clause.strip()]
    where = _join(clauses) if len(clauses) > 1 else "".join(clauses)
    fields = {_SPELLING.get(n.lower(), n): value for n, value in given if n.lower() not in _NEVER_SENT}
    fields |= {"where": where or "1=1"} | ({"time": reference.time} if reference.time else {})
    if reference.time and folded.get("time", reference.time).strip() != reference.time:
        raise InvalidValue("its URL names a time, and another stands beside it", "one of them")
    most = folded.get("resultrecordcount")
    return Layer(
        urlunsplit(parts._replace(path=parts.path[: end.end(1)], query="", fragment="")),
        fields,
        reference.token or folded.get("token", ""),
        _read_number("resultOffset", folded.get("resultoffset", "0"), 0),
        None if most is None else _read_number("resultRecordCount", most, 1),
    )


def _join(clauses: list[str]) -> str:
    """Return a clause that holds where all hold; none of them may end the brackets around it."""
    for clause in clauses:
        depth = 0
        for bracket in re.findall(r"[()]", re.sub(r"'[^']*'", "", clause)):
            depth += 1 if bracket == "(" else -1
            if depth < 0:
                break
        if depth:
            raise InvalidValue(f"the brackets of the clause {quoted(clause)} do not match")
    return " AND ".join(f"({clause})" for clause in clauses)


def _find_at_end(pattern: re.Pattern[str], path: str) -> re.Match[str] | None:
    return next((match for match in pattern.finditer(path) if match.end() == len(path)), None)


def _read_number(name: str, text: str, least: int) -> int:
    if not re.fullmatch(r"[0-9]{1,15}", text.strip(), re.ASCII) or int(text) < least:
        raise InvalidValue(f"{quoted(text)} is no {name}", f"a whole number from {least} on")
    return int(text)
