"""Multipart bodies: fields and files of clients, and bodies that are not what they say."""

from __future__ import annotations

import pytest
import urllib3

from gpserverless.errors import RequestError, TooLarge
from gpserverless.protocols.gpserver.multipart import MAX_PARTS, UploadedFile, read_multipart

TYPE = "multipart/form-data; boundary=B"


def part(headers: str, body: str = "x") -> bytes:
    return f"--B\r\n{headers}\r\n\r\n{body}\r\n".encode()


NAMED = 'Content-Disposition: form-data; name="a"'


def test_what_a_client_encodes_is_read() -> None:
    body, content_type = urllib3.encode_multipart_formdata(
        [("f", "json"), ("description", "Zürich"), ("file", ("Zürich & co.csv", b"a\r\n\x00--B"))]
    )
    fields, files = read_multipart(body, content_type)
    assert fields == [("f", "json"), ("description", "Zürich")]
    assert files == (UploadedFile("file", "Zürich & co.csv", b"a\r\n\x00--B"),)


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ('Content-Disposition: form-data; name="file"; filename="a.csv"', "a.csv"),
        ("content-disposition: form-data; name=file; filename=a.csv", "a.csv"),
        ('Content-Disposition: form-data; name="file"; filename=""', ""),
        ('Content-Type: text/csv\r\nContent-Disposition: form-data; name="file"; filename="b"', "b"),
    ],
)
def test_a_part_with_a_file_name_is_a_file(headers: str, name: str) -> None:
    assert read_multipart(part(headers) + b"--B--\r\n", TYPE)[1] == (UploadedFile("file", name, b"x"),)


BAD = [
    (b"", TYPE),
    (part(NAMED), TYPE),
    (part(NAMED) + b"--B", TYPE),
    (b"--C\r\n" + part(NAMED) + b"--B--", TYPE),
    (part("Content-Disposition: form-data") + b"--B--", TYPE),
    (part('Content-Disposition: attachment; name="a"') + b"--B--", TYPE),
    (part("X: y") + b"--B--", TYPE),
    (part("no header at all") + b"--B--", TYPE),
    (part(NAMED) + b"--B--", "multipart/form-data"),
    (b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--B--', TYPE),
    (part(f'{NAMED}; x="{"y" * 5_000}"') + b"--B--", TYPE),
]


@pytest.mark.parametrize(("body", "content_type"), BAD)
def test_a_body_that_is_not_what_it_says_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(RequestError):
        read_multipart(body, content_type)


def test_a_body_has_a_hundred_parts_at_most() -> None:
    assert len(read_multipart(part(NAMED) * MAX_PARTS + b"--B--", TYPE)[0]) == MAX_PARTS
    with pytest.raises(TooLarge):
        read_multipart(part(NAMED) * (MAX_PARTS + 1) + b"--B--", TYPE)
