"""The time of a layer, as its document has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpserverless.featurelayers.layer_time import LayerTime

UTC: Mapping[str, Any] = {"timeZone": "UTC", "respectsDaylightSaving": False}
"""The time reference of all dates."""


def describe_time(time: LayerTime | None) -> dict[str, Any]:
    """Return the member `timeInfo` of the document of a layer; none without a time.

    The interval of a slider is not known: it would be a property of the subject, not of the rows.

    Args:
        time: The time of the layer.
    """
    if time is None:
        return {}
    return {
        "timeInfo": {
            "startTimeField": time.start_field,
            "endTimeField": time.end_field or None,
            "trackIdField": None,
            "timeExtent": None if time.extent is None else list(time.extent),
            "timeReference": UTC,
            "timeInterval": 0,
            "timeIntervalUnits": "esriTimeUnitsUnknown",
            "hasLiveData": False,
            "exportOptions": {
                "useTime": True,
                "timeDataCumulative": False,
                "timeOffset": None,
                "timeOffsetUnits": None,
            },
        }
    }
