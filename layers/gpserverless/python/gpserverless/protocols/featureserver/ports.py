"""What the protocol of feature services needs of others: services, their layers, and a store of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from gpserverless.caller import Caller
from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import RequestError
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.items.readings import Step


@dataclass(frozen=True)
class LayerReference:
    """A layer or table as a route names it, without its rows.

    Attributes:
        number: Its number in the service, from 0.
        manifest: Its description.
        key: Its place for who opens it.
        modified: When its rows were written, in milliseconds since 1970-01-01 UTC.
        description: Text for people.
        copyright: Text for people.
        renderer: How it is drawn, as Esri JSON; {} for the default of its geometry type.
        note_page: Called before a page of its rows is sent, with whether there are more.
    """

    number: int
    manifest: LayerManifest
    key: str
    modified: int = 0
    description: str = ""
    copyright: str = ""
    renderer: Mapping[str, Any] = field(default_factory=dict)
    note_page: Callable[[bool], None] = field(default=lambda has_more: None, compare=False)


@dataclass(frozen=True)
class FeatureService:
    """A feature service, without the rows of its layers.

    Attributes:
        name: Its name.
        layers: Its layers and tables by ascending number.
        description: Text for people.
        copyright: Text for people.
        item_id: Id of its item in a portal, "" for none: clients would ask a portal for it.
    """

    name: str
    layers: tuple[LayerReference, ...]
    description: str = ""
    copyright: str = ""
    item_id: str = ""

    def find_layer(self, number: str) -> LayerReference:
        """Return a layer or table.

        Args:
            number: Its number.

        Raises:
            RequestError: There is no such layer.
        """
        found = next((layer for layer in self.layers if layer.number == int(number)), None)
        if found is None:
            known = ", ".join(str(layer.number) for layer in self.layers)
            raise RequestError(f"The service '{self.name}' has no layer {number}; it has {known}.")
        return found


class LayerSource(Protocol):
    """Finds services, and opens the files of their layers."""

    def find_service(self, name: str, caller: Caller, step: Step) -> FeatureService:
        """Return a service that a caller may see, in the version from which a request is answered.

        Args:
            name: Name of the service, in any letter case.
            caller: The caller.
            step: The request, as a step of reading the service.

        Raises:
            NotFound: There is no such service, or it has expired.
            RequestError: The version that the caller has begun to read is gone.
            AccessError: The caller may not see it.
        """

    def open_layer(self, layer: LayerReference) -> AbstractContextManager[LayerFile]:
        """Open a layer for one request; its deadline ends queries that take too long.

        Args:
            layer: The layer.

        Raises:
            TooLarge: There is no room for its file.
            StorageError: The store cannot be reached.
        """


class AnswerStore(Protocol):
    """Keeps answers that are too large to be handed over."""

    def store_answer(self, body: bytes, content_type: str, encoding: str, filename: str = "answer") -> str:
        """Store an answer, and return a URL from which anybody can fetch it for a while.

        Args:
            body: Its bytes.
            content_type: Media type of the content when it is decoded.
            encoding: Content coding of the bytes, such as "gzip"; empty for none.
            filename: Name under which a browser saves it.

        Raises:
            StorageError: The store cannot be reached.
        """


class FileStore(Protocol):
    """Keeps files of whole layers for at least a day."""

    def find_file(self, name: str, content_type: str, filename: str) -> str:
        """Return a URL from which anybody can fetch a file for a while, "" if it is not there.

        Args:
            name: Name of the version of the file.
            content_type: Its media type.
            filename: Name under which a browser saves it.

        Raises:
            StorageError: The store cannot be reached.
        """

    def store_file(
        self, name: str, path: Path, content_type: str, filename: str, check_cancelled: CheckCancelled
    ) -> str:
        """Store a file, and return such a URL.

        Args:
            name: Name of the version of the file.
            path: The file.
            content_type: Its media type.
            filename: Name under which a browser saves it.
            check_cancelled: Called several times a second; its exception ends the upload.

        Raises:
            StorageError: The store cannot be reached.
        """
