"""GDAL with the wanted drivers only, and without access to the network.

GDAL does not trust a file's extension: it tries every driver on the content, and some (VRT, WFS, HTTP) read
other files and servers that the content names. So the other drivers are skipped while pyogrio registers them
(gdal.org/user/configoptions.html, GDAL_SKIP).
"""

from __future__ import annotations

import importlib
import os
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

from gpserverless.errors import AuthoringError, InvalidValue
from gpserverless.formats.files.file_formats import FORMATS
from gpserverless.formats.files.geopackage import PRAGMAS
from gpserverless.formats.files.kml_options import OPTIONS as KML_OPTIONS
from gpserverless.formats.network import NO_NETWORK, forbid_network

WANTED = frozenset(f.driver for f in FORMATS if f.driver)

UNWANTED = (
    *("MEM", "PCIDSK", "PDS4", "VICAR", "PDF", "MBTiles", "EEDA", "OGCAPI", "GDALG", "MapInfo File", "LVBAG"),
    *("S57", "DGN", "OGR_VRT", "CSV", "GML", "GPX", "KML", "GeoJSONSeq", "ESRIJSON", "TopoJSON", "OGR_GMT"),
    *("SQLite", "WAsP", "DXF", "GeoRSS", "VFK", "PGDUMP", "OSM", "GPSBabel", "OGR_PDS", "WFS", "OAPIF"),
    *("EDIGEO", "Idrisi", "ODS", "XLSX", "Elasticsearch", "Carto", "AmigoCloud", "SXF", "Selafin", "JML"),
    *("PLSCENES", "CSW", "VDV", "MVT", "NGW", "MapML", "GTFS", "PMTiles", "JSONFG", "MiraMonVector", "ADBC"),
    *("AVCBin", "AVCE00", "AIVector", "HTTP"),
)
"""Every other driver of the wheels; a test fails if a release has one more."""

_OPTIONS = {
    **NO_NETWORK,
    "OGR_SQLITE_PRAGMA": ",".join(PRAGMAS),
    "OGR_SQLITE_LOAD_EXTENSIONS": None,
}

_ADVICE = re.compile(r"(It might help to specify|To avoid accepting it, set|Set SHAPE_RESTORE_SHX)[^;]*")


@cache
def load_pyogrio() -> ModuleType:
    """Import pyogrio with the wanted drivers.

    Raises:
        AuthoringError: pyogrio is not installed: the service has another worker.
    """
    forbid_network()
    before = os.environ.get("GDAL_SKIP")
    os.environ["GDAL_SKIP"] = ",".join(UNWANTED)
    try:
        module: ModuleType = importlib.import_module("pyogrio.raw")
    except ImportError:
        raise AuthoringError(
            'files of features are read in the vector worker: Service(worker="vector")'
        ) from None
    finally:
        if before is None:
            del os.environ["GDAL_SKIP"]
        else:
            os.environ["GDAL_SKIP"] = before
    from pyogrio import set_gdal_config_options

    set_gdal_config_options({**_OPTIONS, **KML_OPTIONS})
    return module


@contextmanager
def restore_index() -> Iterator[None]:
    """Have GDAL make the index (.shx) of a shapefile anew; else it follows the one that is there."""
    load_pyogrio()
    from pyogrio import set_gdal_config_options

    set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    try:
        yield
    finally:
        set_gdal_config_options({"SHAPE_RESTORE_SHX": None})


@contextmanager
def relay_gdal_messages(doing: str, warn: Callable[[str], None] | None) -> Iterator[None]:
    """Pass GDAL's warnings on, and raise its errors as `InvalidValue`.

    Args:
        doing: End of the error's sentence: "be read".
        warn: Takes the warnings; None to drop them.

    Raises:
        InvalidValue: GDAL has raised an error.
    """
    load_pyogrio()
    from pyogrio import errors as known

    kinds = [each for each in vars(known).values() if isinstance(each, type) and issubclass(each, Exception)]
    errors: tuple[type[Exception], ...] = (ValueError, *kinds)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", "Several features with id")  # GeoJsonMembers keeps the ids
        warnings.filterwarnings("ignore", "'crs' was not provided")  # write.py warns in plain words
        try:
            yield
        except UnicodeDecodeError as problem:
            raise InvalidValue(f"the file cannot {doing}: its texts are not in UTF-8") from problem
        except errors as problem:
            raise InvalidValue(f"the file cannot {doing}: {_shorten(str(problem))}") from problem
    if warn is not None:
        for text in dict.fromkeys(_shorten(str(one.message)) for one in told):
            warn(text)


def _shorten(text: str) -> str:
    """Return a message of GDAL without the folders of this machine and without advice to programmers."""
    words = (Path(word.strip("'\"")).name if "/" in word else word for word in _ADVICE.sub("", text).split())
    return " ".join(words)[:300].rstrip(" ;")
