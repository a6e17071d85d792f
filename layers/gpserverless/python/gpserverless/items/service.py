"""A hosted service as its row holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import orjson

from gpserverless.caller import Caller
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.items.names import FOLDER, service_key
from gpserverless.items.series import Series, continue_series

DUE_SHARD = 0
"""The part of the index of due rows, of which there is one."""

LIST_SHARD = 0
"""The part of the index of names, of which there is one."""

MOST_LAYER_BYTES = 200_000
"""Size up to which the description of the layers is in the row, which ends at 400 kB."""


@dataclass(frozen=True)
class HostedLayer:
    """One layer or table of a service.

    Attributes:
        number: Its number in the URL.
        key: Key of its file in the store.
        manifest: Its description.
    """

    number: int
    key: str
    manifest: LayerManifest


@dataclass(frozen=True, kw_only=True)
class ListedService:
    """A hosted service as lists show it.

    Attributes:
        name: Name in the URL.
        owner: Name of the user who may overwrite and delete it; "" for anybody.
        expires_at: From when on it is not shown any more, in milliseconds since 1970-01-01 UTC; None for
            never.
    """

    name: str
    owner: str
    expires_at: int | None = None

    def belongs_to(self, caller: Caller) -> bool:
        """Return whether a caller may read and remove the service; a key may be limited to other services.

        Args:
            caller: The caller.
        """
        return caller.owns(self.owner) and caller.may_ask(f"{FOLDER}/{self.name}")

    def is_shown(self, now: int) -> bool:
        """Return whether it has not expired.

        Args:
            now: Milliseconds since 1970-01-01 UTC.
        """
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True, kw_only=True)
class HostedService(ListedService):
    """A hosted service. Times are milliseconds since 1970-01-01 UTC.

    Attributes:
        id: 32 hexadecimal digits; it stays when the service is overwritten.
        version: Token of its layers; each overwriting has another.
        job_id: The job that wrote them.
        created_at: When it was created.
        modified_at: When its layers were written.
        description: Text about it.
        snippet: Summary of the text.
        tags: Words to find it by.
        layers: Its layers; empty if they are in an object, see `find.with_layers`.
        series: The overwritings that led to it, and the one that is announced; None for none.
        root: Public URL of the site to which the job was submitted that wrote them.
    """

    id: str
    version: str
    job_id: str
    created_at: int
    modified_at: int
    description: str = ""
    snippet: str = ""
    tags: tuple[str, ...] = ()
    layers: tuple[HostedLayer, ...] = ()
    series: Series | None = None
    root: str = ""

    @property
    def folder(self) -> str:
        """Beginning of the keys of its objects."""
        return f"hosted/{self.id}/{self.version}/"

    @property
    def layers_key(self) -> str:
        """Key of the object with the description of its layers, where the row has no room for it."""
        return f"{self.folder}layers.json"

    def layer_key(self, number: int) -> str:
        """Return the key of the file of a layer.

        Args:
            number: Number of the layer.
        """
        return f"{self.folder}{number}.sqlite"

    def continue_series(self, now: int) -> Series:
        """Return the series to which an overwriting of it belongs.

        Args:
            now: Milliseconds since 1970-01-01 UTC.
        """
        return continue_series(self.series, self.version, now)

    def to_row(self) -> dict[str, Any]:
        """Return its row; long layers are left to the object `layers_key`."""
        layers = dump_layers(self.layers)
        due = {} if self.expires_at is None else {"due_shard": DUE_SHARD, "due_at": self.expires_at}
        return {
            **vars(self),
            "pk": service_key(self.name),
            "list_shard": LIST_SHARD,
            "tags": list(self.tags),
            "layers": layers.decode() if len(layers) <= MOST_LAYER_BYTES else "",
            "series": None if self.series is None else vars(self.series),
            **due,
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Return the service of a row that `to_row` made.

        Args:
            row: The row, with plain values.
        """
        kept = {name: row[name] for name in cls.__dataclass_fields__ if name in row}
        layers = parse_layers(row["layers"].encode()) if row["layers"] else ()
        series = Series(**row["series"]) if row.get("series") else None
        return cls(**kept | {"tags": tuple(row["tags"]), "layers": layers, "series": series})


def dump_layers(layers: tuple[HostedLayer, ...]) -> bytes:
    """Return the description of layers as JSON.

    Args:
        layers: The layers.
    """
    return orjson.dumps([[each.number, each.key, each.manifest.to_document()] for each in layers])


def parse_layers(text: bytes) -> tuple[HostedLayer, ...]:
    """Return the layers of a description that `dump_layers` made.

    Args:
        text: JSON of layers.
    """
    return tuple(
        HostedLayer(n, key, LayerManifest.from_document(each)) for n, key, each in orjson.loads(text)
    )
