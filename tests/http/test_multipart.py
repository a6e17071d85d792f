"""Multipart bodies: fields and files of clients, and bodies that are not what they say."""

from __future__ import annotations

import pytest
import urllib3

from gpserverless.errors import InvalidParameter, RequestError, TooLarge
from gpserverless.http.form import Fields
from gpserverless.http.multipart import MAX_PARTS, MultipartForm, UploadedFile, read_multipart

TYPE = "multipart/form-data; boundary=B"


def part(headers: str, body: str = "x") -> bytes:
    return f"--B\r\n{headers}\r\n\r\n{body}\r\n".encode()


NAMED = 'Content-Disposition: form-data; name="a"'


def test_what_a_client_encodes_is_read() -> None:
    body, content_type = urllib3.encode_multipart_formdata(
        [("f", "json"), ("description", "Zürich"), ("file", ("Zürich & co.csv", b"a\r\n\x00--B"))]
    )
    form = read_multipart(body, content_type)
    file = UploadedFile("file", "Zürich & co.csv", b"a\r\n\x00--B")
    assert form == MultipartForm((("f", "json"), ("description", "Zürich"), ("file", file)), (file,))


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ('Content-Disposition: form-data; name="file"; filename="a.csv"', "a.csv"),
        ("content-disposition: form-data; name=file; filename=a.csv", "a.csv"),
        ('Content-Disposition: form-data; name="file"; filename=""', ""),
        ('Content-Type: text/csv\r\nContent-Disposition: form-data; name="file"; filename="b"', "b"),
    ],
)
def test_part_with_a_file_name_is_a_file(headers: str, name: str) -> None:
    assert read_multipart(part(headers) + b"--B--\r\n", TYPE).files == (UploadedFile("file", name, b"x"),)


FILE = 'Content-Disposition: form-data; name="file"; '
NAMES = [  # RFC 8187 (3.2.3), RFC 2047 (8), and as clients write them
    ("filename*=UTF-8''na%C3%AFve%20%E2%82%AC.csv", "naïve €.csv"),
    ("filename*=utf-8'en'na%C3%AFve.csv", "naïve.csv"),
    ("filename*=iso-8859-1''na%EFve.csv", "naïve.csv"),
    ("FileName*=UTF-8''na%C3%AFve.csv", "naïve.csv"),
    ("filename=\"naive.csv\"; filename*=UTF-8''na%C3%AFve.csv", "naïve.csv"),
    ("filename*=UTF-8''na%C3%AFve.csv; filename=\"naive.csv\"", "naïve.csv"),
    ('filename="=?utf-8?B?bmHDr3ZlLmNzdg==?="', "naïve.csv"),
    ('filename="=?UTF-8?Q?na=C3=AFve_x.csv?="', "naïve x.csv"),
    ('filename="=?iso-8859-1?q?na=EFve?= =?iso-8859-1?q?.csv?="', "naïve.csv"),
    ('filename="naïve €.csv"', "naïve €.csv"),
    ('filename="a; b=c.csv"', "a; b=c.csv"),
    ('filename="100%25 = ?x?.csv"', "100%25 = ?x?.csv"),
]


@pytest.mark.parametrize(("parameters", "name"), NAMES)
def test_file_keeps_its_real_name(parameters: str, name: str) -> None:
    (file,) = read_multipart(part(FILE + parameters) + b"--B--\r\n", TYPE).files
    assert file == UploadedFile("file", name, b"x")


@pytest.mark.parametrize(
    "parameters",
    [
        "filename*=UTF-8''na%EFve.csv",
        'filename="=?utf-8?B?/w==?="',
        'filename="=?nothing?q?a?="',
        "filename*0*=a; filename*=b",
    ],
)
def test_name_that_is_not_encoded_as_it_says_is_refused(parameters: str) -> None:
    with pytest.raises(RequestError, match="name of a file is not encoded"):
        read_multipart(part(FILE + parameters) + b"--B--", TYPE)


CHARSETS = [("", "é".encode()), ("; charset=ISO-8859-1", b"\xe9"), ('; charset="utf-8"', "é".encode())]


@pytest.mark.parametrize(("charset", "body"), CHARSETS)
@pytest.mark.parametrize("file_name", ["", '; filename="blob"'])
def test_value_is_in_the_encoding_that_its_part_names(file_name: str, charset: str, body: bytes) -> None:
    headers = f"{NAMED}{file_name}\r\nContent-Type: text/plain{charset}\r\n\r\n".encode()
    form = read_multipart(b"--B\r\n" + headers + body + b"\r\n--B--", TYPE)
    assert Fields("", form.values).all("A") == ["é"]


@pytest.mark.parametrize(
    ("charset", "body"), [("", b"\xff"), ("; charset=x", b"a"), ("; charset=punycode", b"a")]
)
def test_file_that_is_no_text_is_no_value_and_names_its_parameter(charset: str, body: bytes) -> None:
    headers = f'{NAMED}; filename="a.bin"\r\nContent-Type: text/plain{charset}\r\n\r\n'.encode()
    form = read_multipart(b"--B\r\n" + headers + body + b"\r\n--B--", TYPE)
    with pytest.raises(InvalidParameter, match="Parameter 'a': a file came as its value"):
        Fields("", form.values).all("a")


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
def test_body_that_is_not_what_it_says_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(RequestError):
        read_multipart(body, content_type)


TRANSFERRED = [  # RFC 2045 (6.7, 6.8)
    ("quoted-printable", "=C3=A4=3D1=\r\n2", "ä=12"),
    ("Quoted-Printable", "x=20\r\ny", "x \r\ny"),
    ("base64", "w6Q9MTI=", "ä=12"),
    (" BASE64 ", "w6Q9\r\nMTI=\r\n", "ä=12"),
    ("8bit", "ä=3D", "ä=3D"),
    ("binary", "ä=3D", "ä=3D"),
    ("7bit", "=3D", "=3D"),
]


@pytest.mark.parametrize("file_name", ["", '; filename="blob"'])
@pytest.mark.parametrize(("encoding", "body", "text"), TRANSFERRED)
def test_part_is_decoded_as_it_says(file_name: str, encoding: str, body: str, text: str) -> None:
    headers = f"{NAMED}{file_name}\r\nContent-Transfer-Encoding: {encoding}"
    form = read_multipart(part(headers, body) + b"--B--\r\n", TYPE)
    assert Fields("", form.values).all("a") == [text]


@pytest.mark.parametrize(("encoding", "body"), [("base64", "w6Q"), ("base64", "é"), ("x-uuencode", "x")])
def test_part_that_cannot_be_decoded_is_refused(encoding: str, body: str) -> None:
    headers = f"{NAMED}\r\nContent-Transfer-Encoding: {encoding}"
    with pytest.raises(RequestError, match=f"cannot be read as '{encoding}'"):
        read_multipart(part(headers, body) + b"--B--\r\n", TYPE)


def test_byte_order_mark_before_a_form_belongs_to_no_name() -> None:
    fields = Fields("\ufefff=json&a=%EF%BB%BFx")
    assert fields.all("f") == ["json"]
    assert fields.all("a") == ["x"]


def test_body_has_a_hundred_parts_at_most() -> None:
    assert len(read_multipart(part(NAMED) * MAX_PARTS + b"--B--", TYPE).values) == MAX_PARTS
    with pytest.raises(TooLarge):
        read_multipart(part(NAMED) * (MAX_PARTS + 1) + b"--B--", TYPE)
