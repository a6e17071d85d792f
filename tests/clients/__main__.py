"""`make test-clients`: real clients, each in its own language and environment, against the site.

Every client's tests find the site's address in the environment variable SITE, a user of it in SITE_USER and
SITE_PASSWORD, and print their own report. Those of result services find the services and the true answers by
the variables of `tests.parcels.keep_parcels` and `tests.hills.keep_hills`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from local.cloud import LocalCloud
from local.options import ServeOptions
from tests.hills import keep_hills
from tests.local_users import add_user
from tests.parcels import keep_parcels

HERE = Path(__file__).parent
SECONDS = 900
CLIENTS: dict[str, list[str | Path]] = {
    "bmi-arcgis-restapi": [HERE / ".venv/bin/python", "-m", "pytest", "restapi/test_restapi.py"],
    "@esri/arcgis-rest-request": ["node", "--test", "arcgis-rest-request.test.mjs"],
    "@esri/arcgis-rest-request with a sign-in": ["node", "--test", "sign-in.test.mjs"],
    "esri-leaflet-gp in Chromium": ["node", "--test", "esri-leaflet-gp.test.mjs"],
    "the sign-in pages in Chromium": ["node", "--test", "sign-in-pages.test.mjs"],
    "the pages of the directory in Chromium": ["node", "--test", "directory/pages.test.mjs"],
    "the story of the directory in Chromium": ["node", "--test", "directory/story.test.mjs"],
    "rasters of the directory in Chromium": ["node", "--test", "directory/rasters.test.mjs"],
    "the map of the pages in Chromium": ["node", "--test", "map.test.mjs"],
    "jobs and results of the pages in Chromium": ["node", "--test", "results.test.mjs"],
    "zeep": [HERE / ".venv/bin/python", "-m", "pytest", "soap/test_zeep.py"],
    "suds-community": [HERE / ".venv/bin/python", "-m", "pytest", "soap/test_suds.py"],
    "soap of npm": ["node", "--test", "soap.test.mjs"],
    "a proxy of .NET by mono": [HERE / "dotnet/run"],
    "the examples in the documents": ["node", "--test", "documents.test.mjs"],
}
CLIENTS_OF_LAYERS: dict[str, list[str | Path]] = {
    "layers by GDAL": [sys.executable, "-m", "pytest", "gdal"],
    "layers by bmi-arcgis-restapi": [HERE / ".venv/bin/python", "-m", "pytest", "restapi/test_layers.py"],
    "layers by @esri/arcgis-rest-feature-service": ["node", "--test", "feature-service.test.mjs"],
    "layers by esri-leaflet in Chromium": ["node", "--test", "esri-leaflet.test.mjs"],
    "layers by QGIS": [HERE / "desktop/run", "test_qgis.py"],
}
CLIENTS_OF_IMAGES: dict[str, list[str | Path]] = {
    "images by bmi-arcgis-restapi": [HERE / ".venv/bin/python", "-m", "pytest", "restapi/test_images.py"],
    "images by esri-leaflet in Chromium": ["node", "--test", "esri-leaflet-image.test.mjs"],
    "images by QGIS": [HERE / "desktop/run", "test_qgis_images.py"],
}


def passes(command: list[str | Path], environment: Mapping[str, str]) -> bool:
    """Run one client's tests; False if one fails, or if they do not end and are killed."""
    with subprocess.Popen(command, cwd=HERE, env=environment, start_new_session=True) as tests:
        try:
            return tests.wait(SECONDS) == 0
        except subprocess.TimeoutExpired:
            print(f"not done after {SECONDS} s")
            os.killpg(tests.pid, signal.SIGKILL)
            return False


def main(chosen: list[str]) -> int:
    """Run the tests of every client, or of those with some text in their name; 1 if one of them fails."""
    with LocalCloud(ServeOptions()) as cloud, tempfile.TemporaryDirectory() as folder:
        user = add_user(cloud, "ana", full_name="Ana Lima")
        environment = {
            **os.environ,
            "SITE": cloud.url,
            "SITE_USER": user.name,
            "SITE_PASSWORD": user.password,
        }
        passed = run(choose(CLIENTS, chosen), environment)
        if clients := choose(CLIENTS_OF_LAYERS, chosen):
            passed += run(clients, {**environment, **keep_parcels(cloud.url, Path(folder))})
        if clients := choose(CLIENTS_OF_IMAGES, chosen):
            passed += run(clients, {**environment, **keep_hills(cloud.url, Path(folder))})
    print(f"{passed.count(True)} passed, {passed.count(False)} failed")
    return 0 if all(passed) else 1


def choose(clients: Mapping[str, list[str | Path]], chosen: list[str]) -> dict[str, list[str | Path]]:
    """Return the clients with some text in their name; all if none is given."""
    return {name: clients[name] for name in clients if not chosen or any(each in name for each in chosen)}


def run(clients: Mapping[str, list[str | Path]], environment: Mapping[str, str]) -> list[bool]:
    """Run the tests of clients; return which pass."""
    passed = []
    for name, command in clients.items():
        print(f"--- {name}", flush=True)
        passed.append(passes(command, environment))
    return passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
