"""The parameter by which a caller has the features of a job kept as a hosted service."""

from __future__ import annotations

from dataclasses import replace

from gpserverless.datatypes.scalars import GPString
from gpserverless.toolkit.layers import LAYER_TYPES
from gpserverless.toolkit.spec import Parameter, TaskSpec

SERVICE_NAME = "esri_out_feature_service_name"
"""Name of the parameter, which ArcGIS gives to its tasks too."""

IMAGE_SERVICE_NAMES = ("esri_out_image_service", "esri_out_image_service_name")
"""The names of the like for rasters, of which no service is made: that of ArcGIS, and that of its pages."""

_PARAMETER = Parameter(
    SERVICE_NAME,
    "Output Feature Service Name",
    "Name of a hosted feature service that keeps the features and rows of the outputs. Letters, digits and "
    "underscores; or JSON with serviceProperties and itemProperties. If it is empty, they are results of the "
    "job alone.",
    GPString(),
    default="",
)


def declare_service_name(task: TaskSpec) -> TaskSpec:
    """Return a task with the parameter as its last input; one without features and rows stays as it is.

    Args:
        task: The task of a service of jobs.
    """
    if not any(output.data_type.name in LAYER_TYPES for output in task.outputs):
        return task
    return replace(task, parameters=(*task.inputs, _PARAMETER, *task.outputs))
