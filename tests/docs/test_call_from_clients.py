"""The examples of docs/how-to/call-from-clients.md that no client runs are answers as the schema has them."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from jsonschema import Draft7Validator

from gpserverless.http.answer_format import FEATURE_FORMATS
from gpserverless.http.response import MAX_BODY
from gpserverless.jobs.recent import PAGE as JOBS_OF_A_PAGE
from gpserverless.jobs.recent import parse_place
from gpserverless.protocols.gpserver.routes import find_route
from gpserverless.protocols.gpserver.schema import json_schema
from tests.docs.test_reference import rows, spans

PAGE = (Path(__file__).parents[2] / "docs/how-to/call-from-clients.md").read_text("utf-8")
(JOBS,) = (orjson.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))


def test_list_of_jobs_is_an_answer_of_its_resource() -> None:
    schema = {**json_schema(), "anyOf": [{"$ref": "#/definitions/jobsAnswer"}]}
    assert Draft7Validator(schema).is_valid(JOBS)
    (job,) = JOBS["jobs"]
    assert find_route(tuple(job["url"].split("/")[5:])).names == {
        "service": job["service"],
        "task": job["task"],
        "job": job["jobId"],
    }
    place = parse_place(JOBS["nextStart"], "start")
    assert (place.created_at, place.id) == (job["submitted"], job["jobId"])
    assert f"A page has at most {JOBS_OF_A_PAGE} jobs." in PAGE


@pytest.mark.parametrize("name", FEATURE_FORMATS)
def test_format_of_features_is_in_the_table(name: str) -> None:
    assert [name] in [spans(cells[0]) for cells in rows(PAGE, 3)]
    assert f"over {MAX_BODY:,} bytes is fetched with `f=json`" in PAGE
