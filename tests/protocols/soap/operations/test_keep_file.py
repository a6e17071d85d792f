"""Files that come inside a value: kept like uploads of the same caller, and audited like them."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from gpserverless.access.audit import MESSAGE
from gpserverless.caller import Caller, Role
from gpserverless.protocols.soap.operations.keep_file import UploadKeeper
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import ServiceSpec
from gpserverless.uploads.uploads import Uploads
from tests.uploads.conftest import *  # noqa: F403 - the fixtures of uploads

ANN = Caller("ann", Role.USER)
OPEN = ServiceSpec("Open", "", "async", Limits.asynchronous(), (), uploads=True)
CATALOGUE = Catalogue({"Open": OPEN, "Closed": replace(OPEN, name="Closed", uploads=False)})


def test_a_file_is_an_upload_of_its_caller_and_is_audited(
    uploads: Uploads, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    keep_file = UploadKeeper(CATALOGUE, lambda: uploads).find("Open", ANN)
    assert keep_file is not None
    item = keep_file("a.csv", b"a,b")["itemID"]
    assert uploads.of(ANN).find("Open", item).name == "a.csv"
    (line,) = [record for record in caplog.records if record.message == MESSAGE]
    facts = {name: getattr(line, name) for name in ("action", "caller", "item", "bytes_in")}
    assert facts == {"action": "uploads/upload", "caller": "ann", "item": item, "bytes_in": 3}


def test_a_service_without_uploads_keeps_no_file(uploads: Uploads) -> None:
    assert UploadKeeper(CATALOGUE, lambda: uploads).find("Closed", ANN) is None
