"""Answers that are too large: the first records of each set stay, and the answer says what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gpserverless.protocols.soap.messages import make_messages
from gpserverless.protocols.soap.schema.node import Fragment, Node
from gpserverless.protocols.soap.schema.operations import SERVICE_OPERATIONS
from gpserverless.protocols.soap.schema.write import write_response
from gpserverless.protocols.soap.sets.write import make_table_node
from gpserverless.protocols.soap.transfer_limit import cut_records
from gpserverless.toolkit.run import Message
from tests.protocols.soap.values.messages import parse

FIELDS = [
    {"name": "OBJECTID", "type": "esriFieldTypeOID"},
    {"name": "A", "type": "esriFieldTypeString"},
]
TEXT = Node("GPString", {"Value": "kept"})


def make_set(count: int, text: str = "</Record><Record ") -> Node:
    rows = [{"attributes": {"OBJECTID": n, "A": text}} for n in range(count)]
    return make_table_node({"fields": FIELDS, "features": rows, "exceededTransferLimit": False})


def make_answer(*values: Node) -> dict[str, Any]:
    messages = make_messages([Message("informative", "Done.")])
    members = {"Values": Node("GPValues", {"GPValue": list(values)}), "Messages": messages}
    return {"Result": Node("GPResult", members)}


def count_records(answer: Mapping[str, Any]) -> list[int]:
    """Return the number of records in each set, of an answer that is written and read again."""
    xml = b"".join(write_response(SERVICE_OPERATIONS["Execute"], answer)).decode()
    result = parse(xml).children[0]
    values = result.children[0].children
    return [len(value.children[0].children[1].records or []) for value in values if value.find("RecordSet")]


def test_each_set_keeps_its_share_of_whole_records() -> None:
    cut = cut_records(make_answer(make_set(100), TEXT, make_set(10)), 0.5)
    assert cut is not None
    first, text, second = cut["Result"].members["Values"].members["GPValue"]
    assert count_records(cut) == [50, 5]
    assert text == TEXT
    assert (first.members["ExceededTransferLimit"], second.members["ExceededTransferLimit"]) == (True, True)


def test_the_messages_say_how_much_is_missing() -> None:
    cut = cut_records(make_answer(make_set(1_000), make_set(1_000)), 0.25)
    assert cut is not None
    done, warning = cut["Result"].members["Messages"]
    assert done.members["MessageDesc"] == "Done."
    assert warning.members["MessageType"] == "esriJobMessageTypeWarning"
    assert "the answer holds 500 of 2,000 records" in warning.members["MessageDesc"]


def test_a_set_of_one_record_is_emptied_and_says_so() -> None:
    cut = cut_records(make_answer(make_set(1)), 0.5)
    assert cut is not None
    assert count_records(cut) == [0]


WITHOUT_RECORDS = [
    {"Result": "j1"},
    {"Result": Node("GPValues", {"GPValue": [make_set(10)]})},
    make_answer(TEXT),
    make_answer(make_set(0)),
    make_answer(Node("GPRecordSet", {"RecordSet": Node("RecordSet", {"Records": Fragment(())})})),
]


@pytest.mark.parametrize("answer", WITHOUT_RECORDS)
def test_an_answer_without_records_cannot_be_cut(answer: dict[str, Any]) -> None:
    assert cut_records(answer, 0.5) is None


def test_a_whole_answer_is_not_cut() -> None:
    assert cut_records(make_answer(make_set(10)), 1.0) is None
