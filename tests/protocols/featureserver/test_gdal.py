"""GDAL, which knows nothing of this project, reads every feature of a layer over HTTP."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
import shapely

from tests.protocols.featureserver.conftest import PARCEL_COUNT, make_parcels
from tests.protocols.featureserver.layer_site import LayerSite

PREFIX = "/arcgis/rest/services/Hosted/"


@pytest.fixture
def root(site: LayerSite) -> Iterator[str]:
    """Serve the site on the loopback, and return the URL of its folder."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            fields = dict(parse_qsl(url.query))
            answer = site.ask(url.path.removeprefix(PREFIX), self.command, **fields)
            self.send_response(answer.status)
            self.send_header("content-type", answer.headers["content-type"])
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(answer.body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Write no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    server.shutdown()
    thread.join()
    server.server_close()


READ = """
import sys
import numpy as np
from pyogrio.raw import read
meta, _, shapes, columns = read(sys.argv[1])
names = list(meta["fields"])
np.savez(sys.argv[2], crs=meta["crs"], shapes=shapes, **{name: columns[names.index(name)] for name in names})
"""


def read_by_gdal(source: str, folder: Path) -> Any:
    """Read a source in another process: GDAL would wait for a server that waits for it."""
    file = folder / "read.npz"
    subprocess.run([sys.executable, "-c", READ, source, str(file)], check=True, timeout=180)
    return np.load(file, allow_pickle=True)


def test_gdal_reads_all_pages(root: str, tmp_path: Path) -> None:
    source = f"ESRIJSON:{root}town/FeatureServer/1/query?where=1%3D1&outFields=*&f=json"
    read = read_by_gdal(source, tmp_path)
    assert read["crs"] == "EPSG:3857"
    assert len(read["shapes"]) == PARCEL_COUNT
    order = np.argsort(read["OBJECTID"])
    found = shapely.from_wkb(read["shapes"][order])
    assert shapely.equals(found, make_parcels().geometries).all()
    assert read["VALUE"][order].tolist() == (np.arange(PARCEL_COUNT) * 0.5).tolist()


def test_gdal_reads_geojson(root: str, tmp_path: Path) -> None:
    source = f"{root}town/FeatureServer/0/query?where=POP%3D20&outFields=*&f=geojson"
    read = read_by_gdal(source, tmp_path)
    assert read["NAME"].tolist() == ["🌍 ü", None]
