"""Files in the answer: those that can be read are sent, the others stay URLs."""

from __future__ import annotations

from gpserverless import DataFile
from gpserverless.protocols.soap.values.embed import embed_files
from gpserverless.protocols.soap.values.files import KeepFile
from gpserverless.protocols.soap.values.read import read_value
from gpserverless.protocols.soap.values.write import make_value_node
from gpserverless.protocols.soap.xml.element import Element
from tests.protocols.soap.values.messages import make_parameter, send

FILES = {"https://a.example/1.csv": bytes(range(256))}


def keep_in(kept: list[bytes]) -> KeepFile:
    def keep_file(name: str, content: bytes) -> dict[str, str]:
        kept.append(content)
        return {"itemID": f"i{len(kept)}"}

    return keep_file


def send_files(annotation: object, value: object) -> Element:
    node = make_value_node(make_parameter(annotation, direction="output"), value)
    return send(embed_files(node, FILES.get))


def test_a_file_travels_in_the_answer_and_back() -> None:
    kept: list[bytes] = []
    shown = send_files(DataFile, {"url": "https://a.example/1.csv"})

    data = shown.find("Data")
    assert data is not None
    assert data.read_text("TransportType") == "esriGDSTransportTypeEmbedded"
    assert data.find("URL") is None
    assert read_value(make_parameter(DataFile), shown, keep_in(kept)) == '{"itemID":"i1"}'
    assert kept == [bytes(range(256))]


def test_files_of_a_list_travel_each_in_its_way() -> None:
    shown = send_files(
        list[DataFile], [{"url": "https://a.example/1.csv"}, {"url": "https://a.example/2.csv"}]
    )
    raw = read_value(make_parameter(list[DataFile]), shown, keep_in([]))
    assert raw == '[{"itemID":"i1"},{"url":"https://a.example/2.csv"}]'


def test_other_values_stay_as_they_are() -> None:
    node = make_value_node(make_parameter(str), "text")
    assert embed_files(node, FILES.get) == node
