"""What the layer leaves out of botocore's descriptions: texts, other services, nothing that a call needs."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.loaders import Loader
from urllib3 import HTTPResponse

PROGRAM = Path(__file__).parents[2] / "layers/dependencies/trim_descriptions.py"
WHOLE = Path(botocore.__file__).parent / "data"
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "dynamodb": ("get_item", {"TableName": "t", "Key": {"pk": {"S": "a"}}}),
    "s3": ("put_object", {"Bucket": "b", "Key": "k", "Body": b"x"}),
    "sqs": ("send_message", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/1/q", "MessageBody": "m"}),
}
KEPT = tuple(CALLS)


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of data of packages that the program has been through."""
    packages = tmp_path_factory.mktemp("packages")
    data = packages / "botocore/data"
    data.mkdir(parents=True)
    for path in WHOLE.iterdir():
        if path.is_file():
            shutil.copy(path, data)
    for service in (*KEPT, "ec2"):
        shutil.copytree(WHOLE / service, data / service)
    subprocess.run([sys.executable, PROGRAM, packages, *KEPT], check=True)
    return data


def read(path: Path) -> Any:
    content = path.read_bytes()
    return json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)


def texts(part: Any) -> int:
    """Count the texts of documentation."""
    if isinstance(part, list):
        return sum(map(texts, part))
    if not isinstance(part, dict):
        return 0
    text = part.get("documentation")
    return (isinstance(text, str) and text != "") + sum(map(texts, part.values()))


def test_only_the_services_that_are_used_stay(trimmed: Path) -> None:
    assert {path.name for path in trimmed.iterdir() if path.is_dir()} == set(KEPT)
    partition = read(trimmed / "endpoints.json")["partitions"][0]
    assert set(KEPT) == set(partition["services"]) & {*KEPT, "ec2"}
    assert partition["regions"] == read(WHOLE / "endpoints.json")["partitions"][0]["regions"]


def test_descriptions_are_unpacked_and_without_texts(trimmed: Path) -> None:
    paths = [path for path in trimmed.rglob("*") if path.is_file()]
    assert {path.suffix for path in paths} == {".json"}
    assert not any(path.name.startswith("examples-") for path in paths)
    assert sum(texts(read(path)) for path in paths) == 0


@pytest.mark.parametrize("service", KEPT)
def test_client_made_of_them_has_every_operation(service: str, trimmed: Path) -> None:
    known = {}
    for place in (WHOLE, trimmed):
        session = botocore.session.Session()
        loader = Loader(extra_search_paths=[str(place)], include_default_search_paths=False)
        session.register_component("data_loader", loader)
        client = session.create_client(service, "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
        shapes = {
            name: client.meta.service_model.operation_model(name).input_shape.members.keys()
            for name in client.meta.service_model.operation_names
            if client.meta.service_model.operation_model(name).input_shape
        }
        known[place] = client.meta.endpoint_url, shapes, sent(client, *CALLS[service])
    assert known[trimmed] == known[WHOLE]


def sent(client: Any, call: str, values: dict[str, Any]) -> tuple[str, str, bytes]:
    """Return what a call sends: method, URL and body."""
    requests: list[Any] = []

    def answer(request: Any, **_: object) -> AWSResponse:
        requests.append(request)
        return AWSResponse(request.url, 200, {}, HTTPResponse(BytesIO(b""), preload_content=False))

    client.meta.events.register("before-send", answer)
    getattr(client, call)(**values)
    (request,) = requests
    body = request.body.read() if hasattr(request.body, "read") else request.body
    return request.method, request.url, body
