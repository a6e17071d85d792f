"""Feature sets written to files."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gpserverless.errors import InvalidValue
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import BLOB, distinguish_names, find_free_name
from gpserverless.formats.files.csv import write_csv
from gpserverless.formats.files.file_formats import FileFormat, FormatName, get_format
from gpserverless.formats.files.gdal import load_pyogrio, relay_gdal_messages
from gpserverless.formats.files.warn import Warn, ignore_warning
from gpserverless.formats.files.write_batches import cut_batches, name_layer, tell_losses, write_batches
from gpserverless.formats.files.write_columns import GdalColumns, encode_columns
from gpserverless.formats.files.write_shapes import encode_shapes, name_kind
from gpserverless.formats.kml import encode_kml
from gpserverless.formats.references import encode_reference
from gpserverless.values.spatial_reference import WGS84

_MIXES = frozenset({"GeoJSON"})
_BYTES = frozenset({BLOB, "esriFieldTypeRaster"})


def write_features(
    features: FeatureSet[Any], format: FormatName, name: str = "features", *, warn: Warn | None = None
) -> Path:
    """Write features into a file in the run's folder, in the vector worker, and return its path.

    Args:
        features: The features.
        format: Such as "GeoPackage"; a shapefile and a file geodatabase are packed into a zip.
        name: Name of the file without an extension, and of the layer in it.
        warn: Takes a sentence about every loss, such as `run.warn`.

    Raises:
        InvalidValue: The format cannot hold these features.

    Example:
        >>> wells = FeatureSet.of([Point(10, 50)], SpatialReference(4326), {"name": ["A"]})
        >>> write_features(wells, "Shapefile", "wells").name
        'wells.zip'
        >>> run = Run()
        >>> write_features(wells, "CSV", warn=run.warn).name
        'features.csv'
    """
    return write_layers({name: features}, format, name, warn=warn)


def write_layers(
    layers: Mapping[str, FeatureSet[Any]],
    format: FormatName,
    name: str = "features",
    *,
    zipped: bool = False,
    warn: Warn | None = None,
) -> Path:
    """Write feature sets into one file in the run's folder, in the vector worker, and return its path.

    Args:
        layers: The feature sets by the names of their layers. A GeoPackage and a file geodatabase hold all
            of them; other formats have a file for each, in a zip if there are several.
        format: Such as "GeoPackage"; a shapefile and a file geodatabase are packed into a zip.
        name: Name of the file without its extension.
        zipped: Whether any format is packed into a zip.
        warn: Takes a sentence about every loss, such as `run.warn`.

    Raises:
        InvalidValue: The format cannot hold these features.

    Example:
        >>> wells = FeatureSet.of([Point(10, 50)], SpatialReference(4326), {"name": ["A"]})
        >>> write_layers({"wells": wells, "zones": wells.buffer(100)}, "GeoPackage", "water").name
        'water.gpkg'
    """
    target = get_format(format)
    folder = Path(tempfile.mkdtemp(prefix="file-"))
    files = folder / "files"
    files.mkdir()
    name, in_one = _to_plain_name(name), target.layered or len(layers) == 1
    titles = _name_layers(list(layers), target, warn or ignore_warning)
    for title, features in zip(titles, layers.values(), strict=True):
        path = files / f"{name if in_one else title}{target.suffix}"
        _write(features, path, title, target, warn or ignore_warning)
    written = list(files.iterdir())
    if len(written) == 1 and not (zipped or target.packed):
        return written[0]
    end = ".gdb.zip" if target.suffix == ".gdb" and not zipped else ".zip"
    return _pack(files, folder / f"{name}{end}")


def _name_layers(wanted: list[str], target: FileFormat, warn: Warn) -> list[str]:
    """Return names that tell layers apart: of two with one name, the second would replace the first."""
    plain = [name_layer(_to_plain_name(title), target) for title in wanted]
    names = distinguish_names(plain)
    for title, alike, name in zip(wanted, plain, names, strict=True):
        if name != alike:
            warn(f"Layer {title} is written as {name}, since another one has its name.")
    return names


def _to_plain_name(name: str) -> str:
    """Return a name of letters, digits and underscores, which every format and file system accepts."""
    return re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "features"


def _write(features: FeatureSet[Any], path: Path, title: str, target: FileFormat, warn: Warn) -> None:
    features = _leave_out_bytes(features, warn)
    if not target.batched:
        tell_losses(features.has_m, features.spatial_reference, target, warn)
    if target.geographic:
        if features.spatial_reference is None:
            raise InvalidValue(f"{target.name} needs features whose spatial reference is known")
        features = features.project(WGS84, warn=warn).cut_at_antimeridian()
    if target.name == "CSV":
        write_csv(features, path, warn)
    elif target.name == "KML":
        path.write_text(encode_kml(features, title, warn), encoding="utf-8")
    elif target.batched:
        write_batches(cut_batches(features), path, title, target, warn)
    else:
        _write_with_gdal(features, path, title, target, warn)


def _leave_out_bytes(features: FeatureSet[Any], warn: Warn) -> FeatureSet[Any]:
    left = [field.name for field in features.fields if field.type in _BYTES]
    if left:
        warn(f"Fields of bytes are not written: {', '.join(left)}.")
    return features.without(*left) if left else features


def _write_with_gdal(
    features: FeatureSet[Any], path: Path, title: str, target: FileFormat, warn: Warn
) -> None:
    columns = encode_columns(features, target, warn)
    kind = "Unknown" if target.name in _MIXES else name_kind(features.geometry_type, features.has_z)
    with relay_gdal_messages("be written", warn):
        load_pyogrio().write(
            path,
            encode_shapes(features, target.name not in _MIXES, exterior_cw=target.packed),
            columns.arrays,
            columns.names,
            field_mask=columns.masks,
            layer=title,
            driver=target.driver,
            geometry_type=kind,
            crs=encode_reference(features.spatial_reference),
            encoding="UTF-8" if target.name == "Shapefile" else None,
            gdal_tz_offsets=columns.zones,
            layer_options=_choose_options(target, columns),
        )


def _choose_options(target: FileFormat, columns: GdalColumns) -> dict[str, str]:
    match target.name:
        case "GeoJSON":
            return {"RFC7946": "YES", "COORDINATE_PRECISION": "11"}
        case "File Geodatabase":
            own = {"FID": "OBJECTID", "GEOMETRY_NAME": "SHAPE"}
            named = {option: find_free_name(name, columns.names) for option, name in own.items()}
            return named | ({"TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"} if columns.exact else {})
    return {}


def _pack(folder: Path, archive: Path) -> Path:
    """Pack all files of a folder into a zip, and return its path."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for member in sorted(p for p in folder.rglob("*") if p.is_file()):
            packed.write(member, member.relative_to(folder))
    return archive
