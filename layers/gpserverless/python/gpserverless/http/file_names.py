"""File names of parts: as they are, as `filename*` (RFC 8187), or in encoded words (RFC 2047).

RFC 7578, 4.2, wants the first. Older clients send the others for names beyond ASCII.
"""

from __future__ import annotations

import re

from gpserverless.errors import RequestError

_ENCODED_WORD = re.compile(r"=\?[\w-]+\?[bq]\?[^?]*\?=", re.IGNORECASE)


def read_file_name(disposition: bytes, plain: bytes | None) -> str | None:
    """Return the file name of a part, None if it has none.

    Args:
        disposition: The header `Content-Disposition`.
        plain: Its parameter `filename`, if it has one. Beside `filename*` it is a makeshift for old servers.

    Raises:
        RequestError: The name is not encoded as it says.
    """
    extended = _read_extended(disposition) if b"filename*" in disposition.lower() else None
    if extended is not None or plain is None:
        return extended
    try:
        name = plain.decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable() from None
    return _read_words(name) if _ENCODED_WORD.search(name) else name


def _read_extended(disposition: bytes) -> str | None:
    from email.message import Message  # few clients send it
    from email.utils import collapse_rfc2231_value

    message = Message()
    message["content-disposition"] = disposition.decode("latin-1").replace("\r", "").replace("\n", "")
    try:
        parameters = message.get_params([], header="content-disposition")
    except (TypeError, ValueError):  # parts of a name, some with a number and some without
        raise _unreadable() from None
    encoded = [value for name, value in parameters if name.lower() == "filename" and isinstance(value, tuple)]
    if not encoded:
        return None
    name = collapse_rfc2231_value(encoded[-1])
    if "\ufffd" in name:
        raise _unreadable()
    return name


def _read_words(name: str) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(name)))
    except (HeaderParseError, LookupError, UnicodeDecodeError):
        raise _unreadable() from None


def _unreadable() -> RequestError:
    return RequestError("The name of a file is not encoded as it says; send it as UTF-8.")
