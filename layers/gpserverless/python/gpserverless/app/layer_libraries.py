"""What the function of result services loads on demand, and a snapshot has already."""

from __future__ import annotations


def load_libraries() -> None:
    """Load the libraries and formats that the first page of a layer as JSON does without."""
    import apsw  # noqa: F401
    import pyproj  # noqa: F401
    import yarl  # noqa: F401

    from gpserverless.drawing.canvas import load_libraries
    from gpserverless.featurelayers import remote_tables, statistics  # noqa: F401
    from gpserverless.protocols.featureserver import class_renderers, write_geojson, write_pbf  # noqa: F401

    load_libraries()
