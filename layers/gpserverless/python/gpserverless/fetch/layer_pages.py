"""All features of a layer, page by page, or an error: never a part of them in silence.

Servers give fewer features than they say that they give, leave out `exceededTransferLimit` or set it wrongly,
ignore `resultOffset`, and change while they are read. So the number of features is asked for first, or else
their object ids. Paging goes on by the number of features that came. Object ids that come twice are noticed.
At the end the numbers must agree.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from gpserverless.errors import InvalidValue
from gpserverless.fetch.layer_client import LayerClient, ServerError, minify
from gpserverless.fetch.layer_description import LayerDescription
from gpserverless.fetch.layer_url import Layer

_NUMBER = rb"(-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"


@dataclass(frozen=True)
class Page:
    """One answer of a query.

    Attributes:
        answer: The parsed answer.
    """

    answer: Any

    @cached_property
    def features(self) -> bytes:
        """The JSON text of the list of its features."""
        return minify(self.answer["features"])

    @property
    def is_cut(self) -> bool | None:
        """Whether the server says that there are more features; None if it does not say."""
        flag = self.answer.get("exceededTransferLimit")
        return None if flag is None else flag in (True, "true", 1)

    def __len__(self) -> int:
        """Return the number of its features."""
        return len(self.answer["features"])

    def object_ids(self, name: str) -> list[int] | None:
        """Return the object ids of its features; None if not all of them have one.

        Args:
            name: Name of the field, "" if there is none.
        """
        # A quotation mark inside a text is escaped, so the pattern matches no part of a text.
        pattern = re.escape(orjson.dumps(name)) + rb":" + _NUMBER
        found = re.findall(pattern, self.features) if name else []
        return [_to_int(number) for number in found] if found and len(found) == len(self) else None


class LayerPages:
    """Reads the pages of one layer.

    Args:
        client: Asks the server.
        layer: The layer.
        about: How it is read.
        most_features: Most features that are read.
    """

    def __init__(
        self, client: LayerClient, layer: Layer, about: LayerDescription, most_features: int
    ) -> None:
        self._client = client
        self._layer = layer
        self._about = about
        self._most_features = most_features
        self._fields = {"outFields": "*", **about.options, **layer.fields}
        self._seen = _SeenFeatures(about.object_id)

    def read(self) -> Iterator[Page]:
        """Yield the pages, at least one.

        Raises:
            InvalidValue: The features cannot be read, are too many, or are not all that the layer has.
        """
        if self._layer.is_aggregated:
            return self._read_aggregated()
        total = self._count()
        self._check_limit(total)
        if self._about.pages or (self._layer.is_part and not self._layer.offset):
            return self._read_paged(total)
        if self._layer.is_part:
            raise InvalidValue("the layer's server does not page, so resultOffset cannot be followed")
        return self._read_without_paging(total)

    def _read_paged(self, total: int | None) -> Iterator[Page]:
        """Read by offset; by object ids if the server says that it pages, and refuses to do so."""
        pages = self._read_by_offset(self._count_ids() if total is None else total)
        try:
            first = next(pages)
        except ServerError:
            if total is None or self._layer.is_part:
                raise
            yield from self._read_without_paging(total)
            return
        yield first
        yield from pages

    def _read_by_offset(self, total: int | None) -> Iterator[Page]:
        fields = {**self._fields, **self._make_order()}
        read, size = 0, min(self._about.page_size, self._layer.most or self._about.page_size)
        while True:
            offset = {"resultOffset": str(self._layer.offset + read), "resultRecordCount": str(size)}
            try:
                page = Page(self._client.query({**fields, **offset}))
            except ServerError:
                if total is None or not read or read < total:
                    raise
                break  # there is nothing behind the last feature
            if not len(page) and size > 1 and (page.is_cut if total is None else read < total):
                size = max(1, size // 8)  # a page of so many features is too large for the server
                continue
            self._seen.add(page)
            read += len(page)
            yield page
            if not len(page) and total is None and page.is_cut:
                raise InvalidValue("the layer's server has more features than it gives")
            if self._is_last(page, size, read, total):
                break
            if self._layer.most is not None:
                size = min(size, self._layer.most - read)
        self._check_read(read, total)

    def _is_last(self, page: Page, size: int, read: int, total: int | None) -> bool:
        """Return whether no page is asked for behind one.

        Args:
            page: The page.
            size: Number of features that were asked for.
            read: Number of features that have been read, those of the page included.
            total: Number of features that the server tells, None if it tells none.
        """
        # Some servers count no further than to the end of a page.
        may_go_on = page.is_cut or (page.is_cut is None and len(page) >= size)
        has_all = total is not None and read >= total and not may_go_on
        has_most = self._layer.most is not None and read >= self._layer.most
        return not len(page) or has_all or has_most

    def _make_order(self) -> dict[str, str]:
        """Return the order of the pages: the caller's own, and then by object id."""
        own, order = self._fields.get("orderByFields", ""), self._about.order
        names = [clause.split()[0].lower() for clause in own.split(",") if clause.strip()]
        ordered = ",".join(filter(None, (own, "" if order.lower() in names else order)))
        return {"orderByFields": ordered} if ordered else {}

    def _read_without_paging(self, total: int | None) -> Iterator[Page]:
        ids = self._client.object_ids(self._fields)
        if ids:
            self._check_limit(len(ids))
            yield from self._read_by_object_ids(ids, total)
        else:
            yield self._read_at_once(total)

    def _read_by_object_ids(self, ids: list[int], total: int | None) -> Iterator[Page]:
        if len(set(ids)) < len(ids):
            raise InvalidValue("the layer has object ids twice")
        self._check_read(len(ids), total)
        if total is None and len(ids) == self._about.page_size:
            raise InvalidValue(
                f"the layer's server lists {len(ids):,} object ids, as many as it gives at once, and no count"
            )
        fields = {name: value for name, value in self._fields.items() if name != "where"}
        ids.sort()
        read, size = 0, self._about.page_size
        while read < len(ids):
            asked = ids[read : read + size]
            page = Page(self._client.query({**fields, "objectIds": ",".join(map(str, asked))}))
            found = page.object_ids(self._about.object_id)
            if len(page) > len(asked) or (found is not None and not set(found).issubset(asked)):
                raise InvalidValue("the layer's server gives other features than those that were asked for")
            if len(page) == len(asked):
                self._seen.add(page)
                read += len(asked)
                yield page
            elif len(asked) > 1:
                size = len(asked) // 2  # it gives fewer at a time than it says
            else:
                raise InvalidValue(
                    f"the layer's server lists the object id {asked[0]}, and has no such feature"
                )

    def _read_at_once(self, total: int | None) -> Page:
        """Read a layer without pages and object ids: one answer must have all features."""
        page = Page(self._client.query(self._fields))
        self._check_limit(len(page))
        if page.is_cut or (page.is_cut is None and total is None):
            raise InvalidValue("the layer has neither pages nor object ids, so it cannot be read to its end")
        self._check_read(len(page), total)
        return page

    def _read_aggregated(self) -> Iterator[Page]:
        """Read statistics or distinct values, which have no number to compare with."""
        page = Page(self._client.query(self._fields))
        if page.is_cut or (page.is_cut is None and len(page) >= self._about.page_size):
            raise InvalidValue("the query has more rows than the layer's server gives at once")
        self._check_limit(len(page))
        yield page

    def _count(self) -> int | None:
        """Return how many features are to be read; None if the server does not tell."""
        return self._cut_to_part(self._client.count(self._fields))

    def _count_ids(self) -> int | None:
        ids = self._client.object_ids(self._fields)
        total = self._cut_to_part(len(ids) if ids else None)
        self._check_limit(total)
        return total

    def _cut_to_part(self, total: int | None) -> int | None:
        if total is None:
            return None
        left = max(0, total - self._layer.offset)
        return left if self._layer.most is None else min(left, self._layer.most)

    def _check_limit(self, total: int | None) -> None:
        if total is not None and total > self._most_features:
            raise InvalidValue(f"the layer holds more than {self._most_features:,} features")

    def _check_read(self, read: int, total: int | None) -> None:
        """Raise unless as many features came as the server counts."""
        wanted = self._layer.most if total is None else total
        if read == wanted or wanted is None or (total is None and read < wanted):
            return
        now = self._count()
        if now not in (None, total):
            raise InvalidValue(
                f"the layer changed while it was read: it had {total:,} features, then {now:,}"
            )
        raise InvalidValue(f"the layer's server counts {wanted:,} features, and gives {read:,}")


class _SeenFeatures:
    """The features that came, by object id; where they have none, the pages.

    Args:
        object_id: Name of the field of object ids, or "".
    """

    def __init__(self, object_id: str) -> None:
        self._object_id = object_id
        self._keys: set[Any] = set()

    def add(self, page: Page) -> None:
        """Add the features of a page.

        Raises:
            InvalidValue: One of them came before.
        """
        if not len(page):
            return
        keys: list[Any] = page.object_ids(self._object_id) or [hashlib.sha256(page.features).digest()]
        before = len(self._keys)
        self._keys.update(keys)
        if len(self._keys) - before < len(keys):
            raise InvalidValue("the layer's server gives the same features again")


def _to_int(number: bytes) -> int:
    return int(number) if number.lstrip(b"-").isdigit() else int(float(number))


def check_alike(first: Mapping[str, Any], page: Any) -> None:
    """Raise if a page has another reference or type than the first one, or coordinates that are quantized.

    Args:
        first: Header of the first page.
        page: The parsed answer.

    Raises:
        InvalidValue: The coordinates of the page are not to be read as those of the first.
    """
    if "transform" in page:
        raise InvalidValue("the layer's server sends quantized coordinates, which were not asked for")
    for name in ("spatialReference", "geometryType"):
        if name in page and name in first and orjson.loads(minify(page[name])) != first[name]:
            raise InvalidValue(f"the {name} of the layer's pages differs")
