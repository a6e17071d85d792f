"""The answer of an execute in a format of features: handed over if it is small, else stored and linked."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import orjson

from gpserverless.calls.execute import ExecuteResult
from gpserverless.datatypes.features import GPRecordSet
from gpserverless.http.answer_format import Format
from gpserverless.http.response import MAX_BODY, Response
from gpserverless.protocols.gpserver.execute_answer import AnswerPlan, ExecuteAnswer
from gpserverless.testing import InMemoryObjectStore
from gpserverless.toolkit.call import CallOptions, Output
from gpserverless.toolkit.spec import Parameter

FOLDER = "Samples_GPServer/" + "0" * 32
LONG = "x" * (MAX_BODY * 2)


def answer(text: str, objects: InMemoryObjectStore) -> Response:
    """Return the answer of a task whose output is a table with one text, as CSV."""
    value = {
        "fields": [{"name": "A", "type": "esriFieldTypeString", "alias": "A", "length": len(text)}],
        "features": [{"attributes": {"A": text}}],
        "exceededTransferLimit": False,
    }
    body = orjson.dumps({"paramName": "Rows", "dataType": "GPRecordSet", "value": value})
    outputs = (Output("Rows", "GPRecordSet", body), Output("Count", "GPLong", b"1"))
    parameter = Parameter("Rows", "Rows", "output", GPRecordSet())
    plan = AnswerPlan(Format("csv"), FOLDER, False, None, parameter)
    writer = ExecuteAnswer(CallOptions(), plan, lambda: objects)
    return writer.write(ExecuteResult(outputs, ()), lambda: None)


def test_small_one_is_handed_over_under_the_name_of_its_output() -> None:
    objects = InMemoryObjectStore()
    found = answer("a", objects)
    assert found.body.decode("utf-8-sig").endswith("a\r\n")
    assert found.headers["content-disposition"] == 'attachment; filename="Rows.csv"'


def test_large_one_is_a_redirect_to_a_file_of_that_name() -> None:
    objects = InMemoryObjectStore()
    found = answer(LONG, objects)
    assert found.status == 303
    assert "Rows.csv" in unquote(urlsplit(found.headers["location"]).query)
    (stored,) = objects.bodies.values()
    assert stored.decode("utf-8-sig").endswith(f"{LONG}\r\n")
