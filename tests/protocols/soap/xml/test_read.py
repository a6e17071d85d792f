"""XML of strangers: elements by local names, every encoding that is read, and nothing that harms."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from gpserverless.errors import RequestError, TooLarge
from gpserverless.protocols.soap.xml.build import MAX_ELEMENTS
from gpserverless.protocols.soap.xml.columns import MAX_DEPTH
from gpserverless.protocols.soap.xml.element import Element, PointCell, Points
from gpserverless.protocols.soap.xml.read import MAX_BYTES, read_xml
from tests.patience import SOON
from tests.protocols.soap.documents import cell, element, points, record


def first(content: str) -> Element:
    """Read an element in a root that declares the prefixes."""
    return read_xml(element(content)).children[0]


# --- what is read -----------------------------------------------------------------------------------------

NAMES = [
    ("<Name/>", "Name", "", ""),
    ("<t:Name/>", "Name", "http://www.esri.com/schemas/ArcGIS/10.8", ""),
    ('<Name xmlns="urn:a"/>', "Name", "urn:a", ""),
    ('<q:Name xmlns:q="urn:b"/>', "Name", "urn:b", ""),
    ('<Name i:type="t:GPLong"/>', "Name", "", "GPLong"),
    ('<Name i:type="GPLong"/>', "Name", "", "GPLong"),
    ('<Name i:type="unknown:GPLong"/>', "Name", "", "GPLong"),
    ('<Name i:type=" t:GPLong "/>', "Name", "", "GPLong"),
    ('<Name xmlns:q="urn:b" i:type="q:GPLong"/>', "Name", "", "GPLong"),
    ('<Name type="t:GPLong"/>', "Name", "", ""),
]


@pytest.mark.parametrize(("xml", "name", "namespace", "kind"), NAMES)
def test_names_and_types_are_local(xml: str, name: str, namespace: str, kind: str) -> None:
    read = first(xml)
    assert (read.name, read.namespace, read.type_name) == (name, namespace, kind)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<A>a b</A>", "a b"),
        ("<A>  a  </A>", "  a  "),
        ("<A></A>", ""),
        ("<A>a<!-- not this -->b<?nor this?>c</A>", "abc"),
        ("<A>1 &lt; 2 &amp; 3 &gt; 2</A>", "1 < 2 & 3 > 2"),
        ("<A><![CDATA[<a>&b]]></A>", "<a>&b"),
        ("<A>]]&gt;</A>", "]]>"),
        ("<A>a&#13;&#10;b</A>", "a\r\nb"),
        ("<A>a\r\nb</A>", "a\nb"),
        ("<A>&#x1F30D; 🌍 ü</A>", "🌍 🌍 ü"),
        ("<A>\n  <B/>\n  </A>", ""),
    ],
)
def test_text_of_an_element_is_joined_and_kept(xml: str, text: str) -> None:
    assert first(xml).text == text


@pytest.mark.parametrize(
    ("attribute", "is_nil"),
    [('i:nil="true"', True), ('i:nil=" 1 "', True), ('i:nil="false"', False), ('nil="true"', False)],
)
def test_nil_is_an_attribute_of_the_schema(attribute: str, is_nil: bool) -> None:
    assert first(f"<A {attribute}/>").is_nil is is_nil


def test_points_have_columns_and_no_elements() -> None:
    array = first(
        "<PointArray> <Point i:type='t:PointN'> <X>1</X><Y> 2 </Y><M>4</M><Z>3</Z><ID>7</ID></Point>"
        "<t:Point><t:Y>6</t:Y><t:X>5</t:X></t:Point><Point><X>1</X><X>2</X><Y>1</Y></Point><Point/></PointArray>"
    )
    assert array.children == []
    assert array.points == Points(
        ["1", "5", "", ""], [" 2 ", "6", "1", ""], ["3", None, None, None], ["4", None, None, None]
    )


def test_a_spatial_reference_of_points_is_kept_once_for_all_that_are_equal() -> None:
    utm, web = (f"<SpatialReference><WKID>{wkid}</WKID></SpatialReference>" for wkid in (25832, 3857))
    point = "<Point><X>1</X><Y>2</Y>{}</Point>"
    array = first(f"<PointArray>{point.format(utm) * 3}{point.format(web)}{point.format('')}</PointArray>")
    assert [each.read_text("WKID") for each in array.children] == ["25832", "3857"]
    assert array.points is not None
    assert len(array.points.x) == 5


def test_records_have_cells_and_no_elements() -> None:
    point = '<Value i:type="t:PointN"><X>1</X><Y>2</Y><Z>3</Z></Value>'
    array = first(
        f"<Records>{record(point, cell('a '), cell(None), cell('7', 'x:int'), cell(''))}"
        f"{record(cell('<X>1</X><Y>2</Y>'))}{record(cell('', 't:PointN'))}{record()}</Records>"
    )
    assert array.children == []
    assert array.records == [
        [PointCell("1", "2", "3", None, None), "a ", None, "7", ""],
        [PointCell("1", "2", None, None, None)],
        [None],
        [],
    ]


def test_a_cell_with_elements_is_one() -> None:
    inner = f"<RingArray><Ring>{points((0, 0), (0, 1), (1, 1))}</Ring></RingArray>"
    array = first(f"<Records>{record(cell(inner, 't:PolygonN'), cell('after', 'x:string'))}</Records>")
    assert array.records is not None
    ((geometry, after),) = array.records
    assert isinstance(geometry, Element)
    ring = geometry.children[0].children[0].children[0]
    assert (geometry.type_name, after, ring.points) == (
        "PolygonN",
        "after",
        Points(["0", "0", "1"], ["0", "1", "1"], [None] * 3, [None] * 3),
    )


def test_prefixes_may_be_declared_on_a_cell() -> None:
    typed = '<Value xmlns:q="urn:q" xmlns:j="http://www.w3.org/2001/XMLSchema-instance" j:type="q:PointN">'
    reference = '<SpatialReference j:type="q:GeographicCoordinateSystem"><WKID>4326</WKID></SpatialReference>'
    array = first(f"<Records>{record(f'{typed}<X>1</X><Y>2</Y>{reference}</Value>')}</Records>")
    assert array.records is not None
    point = array.records[0][0]
    assert isinstance(point, PointCell)
    assert point.reference is not None
    assert point.reference.type_name == "GeographicCoordinateSystem"


# --- encodings --------------------------------------------------------------------------------------------

TEXT = "<A>ü 🌍</A>"
UTF_8_MARK, UTF_16_MARK = b"\xef\xbb\xbf", b"\xff\xfe"


def declare(encoding: str, text: str = TEXT) -> str:
    """Return XML that names its encoding."""
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode(), '"utf-8"'),
        (UTF_8_MARK + TEXT.encode(), ""),
        (UTF_8_MARK + declare("utf-8").encode(), "iso-8859-1"),
        (declare("UTF-8").encode(), "utf-16"),
        (declare("utf-16").encode("utf-16"), ""),
        (declare("utf-16").encode("utf-16-be"), ""),
        (UTF_16_MARK + TEXT.encode("utf-16-le"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16"),
        (declare("iso-8859-1", "<A>ü</A>").encode("latin-1"), ""),
        (declare("iso-8859-1", "<A>ü</A>").encode("latin-1"), "utf-8"),
        ("<A>ü</A>".encode("latin-1"), "ISO-8859-1"),
        (b"<A>&#252;</A>", "us-ascii"),
        (b'<?xml version="1.0"?><A>&#252;</A>', ""),
    ],
)
def test_encodings_that_are_read(body: bytes, charset: str) -> None:
    assert read_xml(body, charset).text.startswith("ü")


OTHER = "The encoding of the request is not read; send UTF-8, UTF-16 or ISO-8859-1."
CONTRADICTION = "The request is not in the encoding that it names."
MALFORMED = "The request is not well-formed XML: see line 1, column "


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        (declare("utf-7").encode("utf-7"), "", OTHER),
        (TEXT.encode("utf-7"), "utf-7", OTHER),
        (TEXT.encode("utf-32"), "", OTHER),
        (TEXT.encode("utf-32-be"), "", OTHER),
        (declare("windows-1252").encode("cp1252", "replace"), "", OTHER),
        (declare("cp037").encode(), "", OTHER),
        (declare("rot13").encode(), "", OTHER),
        (b"<A/>", "x-unknown", OTHER),
        (declare("cp037", "<A/>").encode("cp037"), "", MALFORMED),
        (declare("utf-16").encode(), "", CONTRADICTION),
        (declare("utf-8").encode("utf-16"), "", CONTRADICTION),
        (UTF_8_MARK + declare("iso-8859-1").encode(), "", CONTRADICTION),
        (b"<A/>", "utf-16", CONTRADICTION),
        (b"<A>\xff</A>", "", MALFORMED),
        (b"<A>\xc0\xbc</A>", "", MALFORMED),
        (b"<A>\xed\xa0\x80</A>", "", MALFORMED),
        (b"<A>\0</A>", "", MALFORMED),
    ],
)
def test_encodings_that_are_refused(body: bytes, charset: str, text: str) -> None:
    with pytest.raises(RequestError) as refused:
        read_xml(body, charset)
    assert str(refused.value).startswith(text)


# --- hostile and malformed --------------------------------------------------------------------------------

TYPE = "The request has a document type (DOCTYPE), which SOAP forbids; send it without one."
LAUGHS = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
TYPES = {
    "empty": "<!DOCTYPE a>",
    "file of the machine": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "address of the net": '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    "external": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
    "public": '<!DOCTYPE a PUBLIC "-//A//B" "http://127.0.0.1:9/x.dtd">',
    "parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
    "billion laughs": f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}<!ENTITY x "&a11;">]>',
    "quadratic": f'<!DOCTYPE a [<!ENTITY x "{"a" * 100_000}">]>',
    "small entity": '<!DOCTYPE a [<!ENTITY x "1">]>',
    "default of an attribute": '<!DOCTYPE a [<!ATTLIST a b CDATA "c">]>',
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_document_type_is_read(kind: str, encoding: str) -> None:
    began = time.process_time()
    with pytest.raises(RequestError) as refused:
        read_xml(f"{TYPES[kind]}<a>{'&x;' * 10_000}</a>".encode(encoding))
    assert str(refused.value) == TYPE
    assert time.process_time() - began < SOON


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "The request is empty; send a SOAP envelope."),
        (b" \r\n ", "The request is empty; send a SOAP envelope."),
        (b'{"f": "json"}', MALFORMED),
        (b"f=json&a=1", MALFORMED),
        (b"<A>", MALFORMED),
        (b"<A></B>", MALFORMED),
        (b"<A/><B/>", MALFORMED),
        (b"<A>&unknown;</A>", MALFORMED),
        (b"<A>&#0;</A>", MALFORMED),
        (b"<A>&#x1b;</A>", MALFORMED),
        (b'<A a="1" a="2"/>', MALFORMED),
        (b"<A a=1/>", MALFORMED),
        (b"<A>\n<B>secret</C></A>", "The request is not well-formed XML: see line 2, column "),
        (b"<q:A/>", "The request has an element whose prefix is not declared."),
        (b"<A>text<B/></A>", "The request has text between elements."),
        (b"<A><B/>text</A>", "The request has text between elements."),
        (
            b'<A><B href="#id1"/></A>',
            "The request refers to values elsewhere (href); send each in its place.",
        ),
        (b"<Records><Row/></Records>", "The request has Records that are not Record, Values and Value."),
        (b"<Records><Record><Value/></Record></Records>", "The request has Records that are not"),
        (b"<" + b"A" * 300_000, MALFORMED),
    ],
)
def test_other_texts_are_refused_in_one_sentence(body: bytes, text: str) -> None:
    with pytest.raises(RequestError) as refused:
        read_xml(body)
    told = str(refused.value)
    assert told.startswith(text)
    assert "secret" not in told


@pytest.mark.parametrize("depth", [2 * MAX_DEPTH, 10_000, 1_000_000])
@pytest.mark.parametrize("name", ["a", "PointArray", "Records", "SpatialReference"])
def test_depth_is_bounded(depth: int, name: str) -> None:
    body = f"<{name}>" * depth + f"</{name}>" * depth
    with pytest.raises(RequestError):
        read_xml(body.encode()[:MAX_BYTES])


def test_as_many_levels_as_allowed_are_read() -> None:
    innermost = read_xml(b"<a>" * MAX_DEPTH + b"7" + b"</a>" * MAX_DEPTH)
    while innermost.children:
        (innermost,) = innermost.children
    assert innermost.text == "7"


def number(form: str, count: int) -> bytes:
    """Return a piece of XML with each number from 0."""
    return "".join(form % n for n in range(count)).encode()


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: b"<a>" + b" " * MAX_BYTES + b"</a>", "The message has 32,000,007 bytes"),
        (lambda: b"<a>" + b"<a/>" * MAX_ELEMENTS + b"</a>", "The request has more than 1,000,000 elements."),
        (
            lambda: b"<Records>" + b"<Record/>" * 1_000_001 + b"</Records>",
            "The request has more than 1,000,000 records in one set.",
        ),
        (
            lambda: b"<a>" + number("<b%x/>", 10_001) + b"</a>",
            "The request has elements of more than 10,000 names.",
        ),
        (
            lambda: b"<PointArray><p>" + number("<b%x/>", 10_001) + b"</p></PointArray>",
            "The request has elements of more than 10,000 names.",
        ),
        (
            lambda: b"<a %b/>" % number('a%d="" ', 101),
            "The request has an element with more than 100 attributes.",
        ),
        (
            lambda: b"<a %b><a xmlns:b='' xmlns:c=''/></a>" % number('xmlns:a%d="" ', 99),
            "The request declares more than 100 prefixes at one place.",
        ),
        (
            lambda: b"<a xmlns='%b'/>" % (b"u" * 501),
            "The request has a namespace of more than 500 characters.",
        ),
    ],
)
def test_amounts_are_bounded(make: Callable[[], bytes], text: str) -> None:
    with pytest.raises(TooLarge) as refused:
        read_xml(make())
    assert str(refused.value).startswith(text)
