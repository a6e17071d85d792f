"""The fields of a request by their names, as the parts of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from gpserverless.errors import InvalidParameter
from gpserverless.http.request import Request

MAX_ROWS = 1_000
"""Values of a list, or rows of a table, that a form shows in rows; more are shown as JSON."""

_ROW_DIGITS = 6


class Parts:
    """Texts by the name of their field, in any letter case.

    Args:
        names: Names of the fields that there are.
        read: Returns the texts of a field.
    """

    def __init__(self, names: Iterable[str], read: Callable[[str], Sequence[str]]) -> None:
        self._names = sorted({name.lower() for name in names})
        self._read = read

    @classmethod
    def of(cls, texts: Mapping[str, Sequence[str]]) -> Parts:
        """Return the parts of texts by their name.

        Args:
            texts: The texts.
        """
        lowered = {name.lower(): list(values) for name, values in texts.items()}
        return cls(lowered, lambda name: lowered.get(name.lower(), ()))

    @classmethod
    def of_request(cls, request: Request) -> Parts:
        """Return the fields of a request; a file that is no text is none.

        Args:
            request: The request.
        """
        return cls((*request.query.names, *request.form.names), request.all)

    def __contains__(self, name: str) -> bool:
        return self.all(name) != []

    def all(self, name: str) -> list[str]:
        """Return every text of a field.

        Args:
            name: Name of the field.

        Raises:
            InvalidParameter: It was sent as a file that is no text.
        """
        return list(self._read(name))

    def get(self, name: str) -> str:
        """Return the last text of a field that is not blank, else the last that is not empty, else "".

        Args:
            name: Name of the field.
        """
        texts = [text for text in reversed(self._read_text(name)) if text]
        return next((text for text in texts if not text.isspace()), texts[0] if texts else "")

    def has_any(self, name: str) -> bool:
        """Return whether a field of that name or of one of its parts is there, empty or not.

        Args:
            name: Name of the field.
        """
        name = name.lower()
        return any(each == name or each.startswith(f"{name}.") for each in self._names)

    def names_of(self, name: str) -> list[str]:
        """Return the names of a field and of its parts, in small letters.

        Args:
            name: Name of the field.
        """
        name = name.lower()
        return [each for each in self._names if each == name or each.startswith(f"{name}.")]

    def limit(self, most: int) -> tuple[Parts, list[str]]:
        """Return as many of the texts as can be shown again, and the names of the fields of the others.

        Args:
            most: Most characters of all texts.
        """
        kept: dict[str, list[str]] = {}
        dropped = []
        for name in self._names:
            texts = self._read_text(name)
            size = sum(map(len, texts))
            if size > most:
                dropped.append(name)
            else:
                kept[name], most = texts, most - size
        return Parts.of(kept), dropped

    def _read_text(self, name: str) -> list[str]:
        try:
            return self.all(name)
        except InvalidParameter:
            return []

    def rows(self, name: str) -> list[int]:
        """Return the numbers of the rows that have a field, in their order.

        Args:
            name: Name of the list or table.
        """
        start = f"{name.lower()}."
        numbers = (each[len(start) :].partition(".")[0] for each in self._names if each.startswith(start))
        return sorted({int(text) for text in numbers if _is_row(text)})


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _ROW_DIGITS
