"""The schema of a layer before there is any job."""

from __future__ import annotations

from typing import Any

from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.toolkit.spec import Parameter

_OBJECT_ID = {"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"}


def describe_output(parameter: Parameter) -> LayerManifest:
    """Return the description of an output before any job: its schema, without rows.

    Args:
        parameter: The output.
    """
    schema: dict[str, Any] = parameter.data_type.empty or {}
    fields = list(schema.get("fields", ()))
    known = next((field for field in fields if field["type"] == _OBJECT_ID["type"]), None)
    others = [field for field in fields if field is not known]
    return LayerManifest(
        name=parameter.title,
        geometry_type=schema.get("geometryType", ""),
        spatial_reference=schema.get("spatialReference"),
        fields=(known or _OBJECT_ID, *others),
        object_id_field=(known or _OBJECT_ID)["name"],
        count=0,
        has_z=bool(schema.get("hasZ")),
        has_m=bool(schema.get("hasM")),
    )
