"""The commands of pages, and the requests that they send."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from gpserverless.testing import Site

_OF_FIELDS = ("-d", "--data", "--data-urlencode")


@dataclass(frozen=True)
class Command:
    """A command of a page with a prompt.

    Attributes:
        text: The command in one line.
        printed: What the page says that it prints.
    """

    text: str
    printed: str

    @property
    def follows_redirects(self) -> bool:
        """Whether curl is told to follow them."""
        return any(re.fullmatch(r"-[a-zA-Z]*L[a-zA-Z]*", word) for word in shlex.split(self.text))


def read_commands(page: str) -> list[Command]:
    """Return the commands of the blocks of a page that begin with a prompt.

    Args:
        page: Markdown.
    """
    found = []
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for each in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = each.splitlines()
            last = next(i for i, line in enumerate(lines) if not line.endswith("\\"))
            text = " ".join(line.removesuffix("\\").strip() for line in lines[: last + 1])
            found.append(Command(text, "\n".join(lines[last + 1 :])))
    return found


def send(site: Site, command: Command) -> str:
    """Send the request of a curl command to a site in memory; return what the command prints.

    Args:
        site: The site.
        command: One curl, and perhaps `cut -c 1-<n>` behind it.
    """
    curl, *rest = [part.strip() for part in re.split(r"\s\|\s", command.text)]
    words = shlex.split(curl)
    assert words[0] == "curl", command.text
    (url,) = (word for word in words if word.startswith("http://127.0.0.1:8000"))
    pairs = pairwise(words)
    fields: Mapping[str, str] = dict(value.split("=", 1) for option, value in pairs if option in _OF_FIELDS)
    text = site.post(urlsplit(url).path, fields).body.decode("utf-8")
    (length,) = re.findall(r"cut -c 1-(\d+)", " ".join(rest)) or [str(len(text))]
    return text[: int(length)]
