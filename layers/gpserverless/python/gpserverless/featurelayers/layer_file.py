"""A layer's file, open for queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from gpserverless.cancellation import Deadline
from gpserverless.errors import RequestError, StorageError, TooLarge
from gpserverless.featurelayers.layout import (
    BOUNDS,
    CHUNK_ROWS,
    FIRST,
    ORDER,
    VERSION,
    decode_numbers,
    decode_objects,
    make_keys,
)
from gpserverless.featurelayers.local_tables import LocalTables
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.featurelayers.tables import OpenTables
from gpserverless.features.feature_set import Table
from gpserverless.features.fields import Field
from gpserverless.features.rows import Column, make_object_column

MOST_SHAPE_BYTES = 100_000_000
"""Bytes of shapes that are read at once: 6 million vertices, which as PBF take 1.3 GB of memory."""

RowNumbers = NDArray[np.int64]
"""Places of rows in the file, from 0."""

_NO_DEADLINE = Deadline(lambda: None)
_AT_ONCE = 500


class LayerFile:
    """A layer's file, open for queries, one at a time; it is never written.

    Its bytes are on this machine's disk or in the store: `LocalTables` reads the first, `RemoteTables` the
    second, and both answer alike.

    No text of a caller reaches SQLite. The connection could do nothing with it but read these tables.

    Attributes:
        manifest: Description of the layer.
        fields: Its columns, the object id first.
        deadline: End of the time of the query that runs; a connection outlives many queries.
    """

    def __init__(self, source: Path | OpenTables, deadline: Deadline = _NO_DEADLINE) -> None:
        """Open a file.

        Args:
            source: Place of a file on the disk, which `write_layer` wrote; or a function that opens one.
            deadline: End of the time of the queries.

        Raises:
            StorageError: It is missing, damaged, or of another version of the layout.
            RequestError: The time is over.
        """
        self.deadline = deadline
        open_tables = partial(LocalTables, source) if isinstance(source, Path) else source
        with ExitStack() as opened:
            self._tables = open_tables(self.check)
            opened.callback(self._tables.close)
            found = {key: value for key, value in self._tables.execute("select key, value from meta")}
            if found.get("version") != VERSION:
                raise StorageError(f"the layer's file is of another version than {VERSION}")
            manifest = LayerManifest.from_document(orjson.loads(found["manifest"]))
            opened.pop_all()
        self.manifest = replace(manifest, size=self._tables.size)
        self.fields = tuple(Field.from_json(each) for each in manifest.fields)
        self.has_dense_ids = found["dense"] == "1"
        self.chunk_bounds = decode_numbers("b", [found["chunk_bounds"]])
        self._kinds = str(found["kinds"])
        self._choices: dict[str, tuple[object, RowNumbers | None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._tables.close()

    def check(self) -> None:
        """Raise if the time of the query is over.

        Raises:
            RequestError: It is over.
        """
        try:
            self.deadline.check()
        except TimeoutError:
            raise RequestError(
                "The query took too long. Ask for fewer features, a smaller area or a simpler condition."
            ) from None

    def recall_rows(
        self, step: str, question: object, find: Callable[[], RowNumbers | None]
    ) -> RowNumbers | None:
        """Return the result of a step of a query, at once if its last question was the same.

        The next page of an answer, and its count, need the same rows again.

        Args:
            step: Name of the step.
            question: Equal for equal questions.
            find: Finds the rows.
        """
        known = self._choices.get(step)
        if known is None or known[0] != question:
            known = self._choices[step] = question, find()
        return known[1]

    def read_order(self, places: RowNumbers) -> RowNumbers:
        """Return the rows at places of the order of object ids.

        Args:
            places: Places in that order, from 0.
        """
        return self._read_numbers(ORDER, places)

    def read_bounds(self, rows: RowNumbers) -> NDArray[np.float64]:
        """Return the bounds of rows, shape (N, 4), NaN without a shape.

        Args:
            rows: The rows.
        """
        return self._read_numbers(BOUNDS, rows)

    def read_ids(self, rows: RowNumbers) -> RowNumbers:
        """Return the object ids of rows.

        Args:
            rows: The rows.
        """
        return self._read_numbers(FIRST, rows)

    def read_column(self, field: Field, rows: RowNumbers) -> Column:
        """Return the values of a field, as a table or a feature set holds them.

        Args:
            field: One of the fields.
            rows: The rows.
        """
        number = FIRST + self.fields.index(field)
        if self._kinds[number] == "o":
            return self._read_objects(number, rows)
        return self._read_numbers(number, rows)

    def read_shapes(self, rows: RowNumbers) -> NDArray[np.object_]:
        """Return the shapes of rows, None where there is none.

        Args:
            rows: The rows.

        Raises:
            TooLarge: They have more bytes than there is memory for.
        """
        ascending, places = np.unique(rows, return_inverse=True)
        found = list(self._limit(self._fetch("select shape from g where row", "row", ascending), len(rows)))
        with np.errstate(invalid="ignore"):  # a tool may have made a vertex that is not finite
            shapes: NDArray[np.object_] = shapely.from_wkb(make_object_column(found))
        return shapes[places]

    @cached_property
    def schema(self) -> Table:
        """A table of the fields without rows."""
        nothing = np.arange(0)
        return Table(self.fields, {each.name: self.read_column(each, nothing) for each in self.fields})

    @cached_property
    def sorted_ids(self) -> RowNumbers:
        """All object ids, ascending."""
        every = np.arange(self.manifest.count)
        return np.arange(1, len(every) + 1) if self.has_dense_ids else self.read_ids(self.read_order(every))

    def _read_numbers(self, number: int, rows: RowNumbers) -> Column:
        chunks, places = _find_chunks(rows)
        data = list(self._fetch("select data from c where key", "key", make_keys(number, chunks)))
        return decode_numbers(self._kinds[number], data)[places]

    def _read_objects(self, number: int, rows: RowNumbers) -> Column:
        chunks, places = _find_chunks(rows)
        order = np.argsort(places, kind="stable")
        ascending = places[order]
        ends = np.searchsorted(ascending, np.arange(1, len(chunks) + 1) * CHUNK_ROWS)
        items: list[Any] = []
        data = self._fetch("select data from c where key", "key", make_keys(number, chunks))
        begin = 0
        for index, (chunk, blob, end) in enumerate(zip(chunks.tolist(), data, ends.tolist(), strict=True)):
            length = min(CHUNK_ROWS, self.manifest.count - chunk * CHUNK_ROWS)
            items += decode_objects(blob, length, ascending[begin:end] - index * CHUNK_ROWS)
            begin = end
        column = np.empty(len(items), object)
        column[order] = make_object_column(items)
        return column

    def _limit(self, blobs: Iterator[bytes | None], count: int) -> Iterator[bytes | None]:
        """Yield blobs until they are too many bytes."""
        size = 0
        for blob in blobs:
            size += len(blob or b"")
            if size > MOST_SHAPE_BYTES:
                raise TooLarge(
                    f"The shapes of these {count:,} features of '{self.manifest.name}' have more than "
                    f"{MOST_SHAPE_BYTES / 1e6:,.0f} MB. Ask for fewer of them, as with resultRecordCount."
                )
            yield blob

    def _fetch(self, select: str, key: str, keys: NDArray[np.int64]) -> Iterator[Any]:
        """Yield the values of ascending keys."""
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE].tolist()
            if some[-1] - some[0] < len(some):
                yield from self._execute(f"{select} between ? and ? order by {key}", (some[0], some[-1]))
            else:
                marks = ",".join("?" * len(some))
                yield from self._execute(f"{select} in ({marks}) order by {key}", some)

    def _execute(self, statement: str, values: Sequence[int]) -> Iterator[Any]:
        self.check()
        try:
            for (value,) in self._tables.execute(statement, values):
                yield value
        except StorageError:
            self.check()  # it may have been stopped
            raise


def _find_chunks(rows: RowNumbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the chunks of rows, ascending, and the place of each row in these chunks put together."""
    if not len(rows):
        return rows, rows
    chunks = rows // CHUNK_ROWS
    used = np.zeros(int(chunks.max()) + 1, bool)
    used[chunks] = True
    numbers = np.cumsum(used) - 1
    return np.flatnonzero(used), numbers[chunks] * CHUNK_ROWS + rows % CHUNK_ROWS
