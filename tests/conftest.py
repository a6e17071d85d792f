"""Fixtures of several rooms, the order of the tests, and the tests that `make test` and FAST=1 leave out."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.webhook_receiver import WebhookReceiver, serve_webhook

if TYPE_CHECKING:  # the environment of `make test-clients`, which reads this file too, has no local cloud
    from local.cloud import LocalCloud
    from tests.access.fake_issuer import FakeIssuer
    from tests.fake_feature_server import FakeFeatureServer
    from tests.wire.conftest import Site

collect_ignore = [
    "built",
    "clients",
    "truth",
    "wheel",
]  # `make test-built`, `test-clients` and so on run them

ON_ONE_WORKER = {
    "tests/wire/": "the cloud of wire",
    "tests/field/test_protocol.py": "the cloud of wire",
    "tests/local/": "the cloud of local",
    "tests/dev/test_pictures.py": "pictures",
    "tests/docs/test_made_references.py": "pictures",
}
"""The local cloud that the tests of a folder or file share, or the pictures, so one worker runs them all."""

SLOWEST_FIRST = (
    *ON_ONE_WORKER,
    "tests/template/",
    "tests/project/",
    "tests/dev/",
    "tests/jobs/",
    "tests/app/",
    "tests/sandbox/",
    "tests/house/",
)
"""Folders whose files take longest. Begun last, one of them would keep one worker waiting for the other."""

STARTS_PROCESSES = (
    "tests/field/test_protocol.py",
    "tests/wire/",
    "tests/local/",
    "tests/sandbox/",
    "tests/storage/",
    "tests/protocols/featureserver/test_gdal.py",
    "tests/uploads/",
    "tests/dev/",
    "tests/project/test_trial.py",
    "tests/field/test_files.py",
    "tests/template/",
    "tests/layers/",
    "tests/house/",
    "tests/app/test_functions.py",
    "tests/app/test_cold_start.py",
    "tests/app/test_snapstart.py",
    "tests/app/test_execute_in_time.py::test_call_of_native_code_is_stopped",
    "tests/jobs/test_functions.py",
    "tests/jobs/test_storage.py",
)
"""Tests that start processes or an AWS, or take seconds. `make test FAST=1` leaves them out."""

WHOLE_STORIES = (
    "tests/app/test_imports.py",
    "tests/cli/test_places.py",
    "tests/datatypes/test_linear_time.py",
    "tests/dev/faults/test_lab.py",
    "tests/dev/test_fuzz.py",
    "tests/dev/test_gp_client.py",
    "tests/docs/test_debug_a_tool.py",
    "tests/fetch/test_connection.py",
    "tests/formats/files/test_geopackages.py",
    "tests/formats/files/test_memory.py",
    "tests/house/test_names.py",
    "tests/local/test_atomic.py",
    "tests/local/test_http_server.py",
    "tests/local/test_life.py",
    "tests/local/test_triggers.py",
    "tests/project/test_first_hour.py",
    "tests/project/test_stack.py",
    "tests/protocols/directory/forms/test_round_trip.py",
    "tests/protocols/directory/forms/test_values.py",
    "tests/protocols/directory/test_help.py",
    "tests/protocols/soap/xml/test_memory.py",
    "tests/sandbox/test_child_logs.py",
    "tests/storage/test_transfer.py",
    "tests/template/test_rights_used.py",
    "tests/template/test_settings.py",
    "tests/tools/test_overlay.py",
    "tests/tools/test_patterns.py",
    "tests/tools/test_proximity.py",
    "tests/tools/test_shapes.py",
    "tests/tools/test_surfaces.py",
    "tests/wire/test_access.py",
    "tests/wire/test_bad_inputs.py",
    "tests/wire/test_every_tool.py",
    "tests/wire/test_files_and_rasters.py",
    "tests/wire/test_overwrites.py",
    "tests/wire/test_quotas.py",
    "tests/wire/test_references.py",
    "tests/wire/test_webhooks.py",
)
"""Tests that play a whole story, or try much real data or every text. `make test-stories` runs them."""


class FilesInOrder(LoadFileScheduling):
    """Give the workers whole files, and all files that share a thing to the same one."""

    def _split_scope(self, nodeid: str) -> str:
        shared = (thing for place, thing in ON_ONE_WORKER.items() if nodeid.startswith(place))
        return next(shared, None) or str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    return FilesInOrder(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the garbage collector pass over thousands of tests and their modules, which live until the end."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    gc.set_threshold(5_000)
    return collected


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _rank(item.nodeid))
    for item in items:
        if item.nodeid.startswith(WHOLE_STORIES):
            item.add_marker("story")
        elif item.nodeid.startswith(STARTS_PROCESSES) or _uses_an_aws(item):
            item.add_marker("slow")


def _rank(nodeid: str) -> int:
    ranks = (rank for rank, folder in enumerate(SLOWEST_FIRST) if nodeid.startswith(folder))
    return next(ranks, len(SLOWEST_FIRST))


def _uses_an_aws(item: pytest.Item) -> bool:
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    names = {value for value in parameters if isinstance(value, str)}
    return bool(names & {"dynamodb", "s3"}) or "aws" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def far() -> Iterator[FakeFeatureServer]:
    from tests.fake_feature_server import fake_feature_server

    with fake_feature_server() as served:
        yield served


@pytest.fixture(scope="session")
def issuer() -> Iterator[FakeIssuer]:
    """Serve another issuer, whose users may sign in."""
    from gpserverless.clock import SystemClock
    from tests.access.fake_issuer import serve_issuer

    with serve_issuer(SystemClock()) as served:
        yield served


@pytest.fixture(scope="session")
def cloud(far: FakeFeatureServer, issuer: FakeIssuer) -> Iterator[LocalCloud]:
    """Serve template.yaml, once for the wire tests and for the requests from the field."""
    from local.cloud import LocalCloud
    from local.options import ServeOptions
    from tests.access.fake_issuer import CLIENT

    parameters = {"FetchPrivateHosts": far.place, "OidcIssuer": issuer.issuer, "OidcClientId": CLIENT}
    with LocalCloud(ServeOptions(parameters=parameters, warm=False)) as served:
        yield served


@pytest.fixture(scope="session")
def site(cloud: LocalCloud) -> Site:
    from tests.wire.conftest import Site

    return Site(cloud.url)


@pytest.fixture(scope="module")
def serving_receiver() -> Iterator[WebhookReceiver]:
    with serve_webhook() as receiver:
        yield receiver


@pytest.fixture
def receiver(serving_receiver: WebhookReceiver) -> WebhookReceiver:
    serving_receiver.received.clear()
    serving_receiver.answers.clear()
    return serving_receiver
