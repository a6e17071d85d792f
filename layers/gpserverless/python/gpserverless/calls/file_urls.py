"""URLs of the files of jobs and executes: built and parsed here, the same in every protocol.

rest/directories/arcgisjobs/<service>_gpserver/<job>/scratch/<file>   file of a job
rest/directories/arcgisoutput/<service>_GPServer/<execute>/<file>     file of an execute
rest/directories/arcgisoutput/maps/<picture>                          picture of a map

An execute has a folder of its own, see `execute_ids`; the same folder is in the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gpserverless.errors import NotFound

_PICTURES = "arcgisoutput/maps/"
_PICTURE = re.compile(r"[0-9a-f]{32}\.[a-z]{3,4}", re.ASCII)
_EXECUTE_ID = re.compile(r"([0-9a-f]{32}){1,2}", re.ASCII)


@dataclass(frozen=True)
class JobFile:
    """A file of a job.

    Attributes:
        folder: Folder of the service, see `job_folder`.
        job: Id of the job.
        name: File name.
    """

    folder: str
    job: str
    name: str


@dataclass(frozen=True)
class ExecuteFile:
    """A file of an execute.

    Attributes:
        folder: Folder of the execute, see `execute_folder`.
        name: File name.
    """

    folder: str
    name: str

    @property
    def execute_id(self) -> str:
        """Id of the execute."""
        return self.folder.rpartition("/")[2]

    @property
    def key(self) -> str:
        """Key of the file in the store."""
        return f"executes/{self.folder}/{self.name}"


def job_folder(service: str) -> str:
    """Return the name of a service in the URLs of its jobs' files.

    Args:
        service: Qualified name of the service.
    """
    return f"{service.replace('/', '_').lower()}_gpserver"


def job_files_url(root: str, service: str, job_id: str) -> str:
    """Return the URL below which the files of a job are found, with a trailing slash.

    Args:
        root: Public URL of the site.
        service: Qualified name of the service.
        job_id: Id of the job.
    """
    return f"{root}/rest/directories/arcgisjobs/{job_folder(service)}/{job_id}/scratch/"


def execute_folder(service: str, execute_id: str) -> str:
    """Return the folder of an execute.

    Args:
        service: Qualified name of the service.
        execute_id: Its id, see `execute_ids`.
    """
    return f"{_executes_folder(service)}/{execute_id}"


def _executes_folder(service: str) -> str:
    return f"{service.replace('/', '_')}_GPServer"


def execute_files_url(root: str, folder: str) -> str:
    """Return the URL below which the files of an execute are found, with a trailing slash.

    Args:
        root: Public URL of the site.
        folder: Folder of the execute.
    """
    return f"{root}/rest/directories/arcgisoutput/{folder}/"


def root_of(files_url: str) -> str:
    """Return the public URL of the site that the files of a call lie below, "" if it cannot be told.

    Args:
        files_url: URL of the files of a job or an execute.
    """
    root, found, _ = files_url.partition("/rest/directories/")
    return root if found else ""


def parse_file_path(path: str) -> JobFile | ExecuteFile:
    """Return the file that a path names.

    Args:
        path: The path behind "directories/".

    Raises:
        NotFound: It names none.
    """
    match path.split("/"):
        case ["arcgisjobs", folder, job_id, "scratch", name]:
            return JobFile(folder, job_id, name)
        case ["arcgisoutput", folder, execute, name] if _EXECUTE_ID.fullmatch(execute):
            return ExecuteFile(f"{folder}/{execute}", name)
    raise no_file()


def find_service_of_file(path: str, services: Iterable[str]) -> str | None:
    """Return the qualified name of the service that a file belongs to, None for none of them.

    Args:
        path: The path behind "directories/".
        services: The names of all services; no two of them have the same folder.

    Raises:
        NotFound: The path names no file.
    """
    file = parse_file_path(path)
    folder, name_folder = (
        (file.folder, job_folder)
        if isinstance(file, JobFile)
        else (file.folder.partition("/")[0], _executes_folder)
    )
    return next((name for name in services if name_folder(name) == folder), None)


def picture_url(root: str, name: str) -> str:
    """Return the URL of a picture of a map.

    Args:
        root: Public URL of the site.
        name: Its file name.
    """
    return f"{root}/rest/directories/{_PICTURES}{name}"


def find_picture(path: str) -> str:
    """Return the file name of the picture that a path names, "" if it names none.

    Args:
        path: The path behind "directories/".
    """
    name = path.removeprefix(_PICTURES)
    return name if name != path and _PICTURE.fullmatch(name) else ""


def picture_key(name: str) -> str:
    """Return the key of a picture, which the store removes after a day.

    Args:
        name: Its file name.
    """
    return f"pictures/{name}"


def no_file() -> NotFound:
    """Return the error for a file that does not exist."""
    return NotFound("There is no such file.")
