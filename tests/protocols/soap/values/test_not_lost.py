"""A value in a form that is not read is refused: it is not taken for one that is not given."""

from __future__ import annotations

import pytest

from gpserverless import DataFile
from gpserverless.errors import InvalidParameter
from gpserverless.protocols.soap.values.read import read_value
from tests.protocols.soap.values.messages import make_parameter, value_of

LOST = [
    (int, "GPLong", "<value>3</value>", "it has a member 'value', but no Value"),
    (str, "GPString", "<Text>a</Text><More>b</More>", "it has a member 'Text', but no Value"),
    (DataFile, "GPDataFile", "<File>/home/ana/a.csv</File>", "'/home/ana/a.csv' is named, but not sent"),
    (DataFile, "GPDataFile", "<Data/><DatasetName>a.csv</DatasetName>", "'a.csv' is named, but not sent"),
]


@pytest.mark.parametrize(("annotation", "type_name", "content", "text"), LOST)
def test_form_that_is_not_read_is_refused(annotation: type, type_name: str, content: str, text: str) -> None:
    with pytest.raises(InvalidParameter, match=text):
        read_value(make_parameter(annotation), value_of(type_name, content))


EMPTY = [
    (int, "GPLong", "<Value/>"),
    (str, "GPString", '<Value xsi:nil="true"/>'),
    (DataFile, "GPDataFile", "<Data/><File/>"),
    (DataFile, "GPDataFile", '<Data xsi:nil="true"/><DatasetName> </DatasetName>'),
]


@pytest.mark.parametrize(("annotation", "type_name", "content"), EMPTY)
def test_empty_members_are_not_given(annotation: type, type_name: str, content: str) -> None:
    assert read_value(make_parameter(annotation), value_of(type_name, content)) == ""
