"""Files that a value holds itself are kept like uploads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gpserverless.access.audit import audit
from gpserverless.caller import Caller
from gpserverless.errors import InvalidParameter, InvalidValue
from gpserverless.protocols.soap.values.files import KeepFile
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.uploads.uploads import Uploads

FindKeepFile = Callable[[str, Caller], KeepFile | None]
"""Takes a service and a caller; returns how files are kept, None if the service takes no uploads."""


@dataclass(frozen=True)
class UploadKeeper:
    """Keeps files as uploads.

    Attributes:
        catalogue: The published services.
        open_uploads: Opens the uploads; most calls need none.
    """

    catalogue: Catalogue
    open_uploads: Callable[[], Uploads]

    def find(self, service: str, caller: Caller) -> KeepFile | None:
        """Return how a service keeps the files of a caller, None if it takes no uploads.

        Args:
            service: Qualified name of the service.
            caller: The caller.
        """
        if not self.catalogue.service(service).uploads:
            return None

        def keep_file(name: str, content: bytes) -> Mapping[str, str]:
            try:
                item = self.open_uploads().of(caller).upload(service, name, None, content)
            except InvalidParameter as error:  # of an upload, which the caller does not see
                raise InvalidValue(error.problem, error.accepted) from None
            audit("uploads/upload", caller.name, item=item.id, bytes_in=len(content))
            return {"itemID": item.id}

        return keep_file
