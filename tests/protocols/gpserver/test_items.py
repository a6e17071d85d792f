"""What is told about services and tasks: metadata stay well-formed whatever a docstring holds."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from gpserverless.datatypes.scalars import GPString
from gpserverless.protocols.gpserver.items import item_info
from gpserverless.protocols.gpserver.metadata import service_metadata, task_metadata
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import Parameter, ServiceSpec, TaskSpec

TEXTS = [
    ("<b>A & B</b>", "<b>A & B</b>"),
    ("\"quoted\" 'text' ]]>", "\"quoted\" 'text' ]]>"),
    ("Grüße, 東京 😀", "Grüße, 東京 😀"),
    ("a\x00b\x1fc\ufffe", "abc"),
]


def task(text: str) -> TaskSpec:
    return TaskSpec("Do", text, text, (Parameter("x", text, text, GPString()),))


@pytest.mark.parametrize(("text", "read"), TEXTS)
def test_every_text_is_read_back_from_the_metadata(text: str, read: str) -> None:
    tool = ElementTree.fromstring(task_metadata(task(text))).find("tool")
    assert tool is not None
    assert (tool.get("displayname"), tool.findtext("summary")) == (read, read)
    assert tool.findtext("parameters/param/dialogReference") == read
    service = ServiceSpec("Folder/Name", text, "sync", Limits.sync(), (task(text),))
    described = ElementTree.fromstring(service_metadata(service))
    assert described.findtext("dataIdInfo/idAbs") == read
    assert described.findtext("dataIdInfo/idCitation/resTitle") == "Name"


def test_summary_is_the_first_paragraph() -> None:
    service = ServiceSpec("Name", "First.\n\nSecond.", "sync", Limits.sync(), (task("x"),))
    item = item_info(service, "https://example.org/arcgis")
    assert (item["snippet"], item["description"]) == ("First.", "First.\n\nSecond.")
    assert item["url"] == "https://example.org/arcgis/rest/services/Name/GPServer"
