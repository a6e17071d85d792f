"""The place of the files of an execute."""

from __future__ import annotations

from dataclasses import dataclass

from gpserverless.calls.execute_ids import new_execute_id
from gpserverless.calls.file_urls import execute_files_url, execute_folder


@dataclass(frozen=True)
class ExecutePlace:
    """Where the large answer and the files of one execute lie.

    Attributes:
        folder: Its folder in the store.
        files_url: URL of its files, with a trailing slash.
    """

    folder: str
    files_url: str

    @classmethod
    def new(cls, root: str, service: str, owner: str) -> ExecutePlace:
        """Return the place of a new execute.

        Args:
            root: Public URL of the site.
            service: Qualified name of the service.
            owner: Name of the caller, "" for anybody.
        """
        folder = execute_folder(service, new_execute_id(owner))
        return cls(folder, execute_files_url(root, folder))
