"""The operations of the catalogue and of a service."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gpserverless.protocols.soap.schema.table import Operation, define_operation

_CALL = "ToolName string, Values GPValues, Options? GPResultOptions, EnvironmentValues? PropertySet"
_JOB = "JobID string"
_SOME = _JOB + ", ParameterNames? ArrayOfString"


def _name_operations(*operations: Operation) -> Mapping[str, Operation]:
    return MappingProxyType({operation.name: operation for operation in operations})


CATALOGUE_OPERATIONS = _name_operations(
    define_operation("GetMessageVersion", "", "MessageVersion esriArcGISVersion"),
    define_operation("GetMessageFormats", "", "MessageFormats esriServiceCatalogMessageFormat"),
    define_operation("GetFolders", "", "FolderNames ArrayOfString"),
    define_operation("GetServiceDescriptions", "", "ServiceDescriptions ArrayOfServiceDescription"),
    define_operation(
        "GetServiceDescriptionsEx", "FolderName string", "ServiceDescriptions ArrayOfServiceDescription"
    ),
    define_operation("RequiresTokens", "", "Result boolean"),
    define_operation("GetTokenServiceURL", "", "TokenServiceURL string"),
)
"""The operations of the catalogue by name."""

SERVICE_OPERATIONS = _name_operations(
    define_operation("GetExecutionType", "", "Result esriExecutionType"),
    define_operation("GetResultMapServerName", "", "Result string"),
    define_operation("GetToolNames", "", "Result ArrayOfString"),
    define_operation("GetTaskNames", "", "Result ArrayOfString"),
    define_operation("GetToolInfos", "", "Result ArrayOfGPToolInfo"),
    define_operation("GetTaskInfos", "", "Result ArrayOfGPToolInfo"),
    define_operation("GetToolInfo", "ToolName string", "Result GPToolInfo"),
    define_operation("Execute", _CALL, "Result GPResult"),
    define_operation("SubmitJob", _CALL, "Result string"),
    define_operation("GetJobStatus", _JOB, "Result esriJobStatus"),
    define_operation("GetJobMessages", _JOB, "Result ArrayOfJobMessage"),
    define_operation("GetJobResult", _SOME + ", Options? GPResultOptions", "Result GPResult"),
    define_operation("GetJobInputValues", _SOME, "Result GPValues"),
    define_operation("GetJobToolName", _JOB, "Result string"),
    define_operation("GetJobResultOptions", _JOB, "Result GPResultOptions"),
    define_operation("GetJobEnvironmentValues", _JOB, "Result PropertySet"),
    define_operation("CancelJob", _JOB, ""),
    define_operation("GetResultWorkspace", _JOB + ", TransportType esriGDSTransportType", "Result GDSData"),
    define_operation("GetJobResultMapExtent", _JOB, "Result Envelope"),
)
"""The operations of a service by name."""
