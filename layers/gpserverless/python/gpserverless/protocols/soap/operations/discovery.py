"""The operations that describe a service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.protocols.soap.discovery import make_tool_info
from gpserverless.protocols.soap.operation import Answer, Handlers, SoapRequest
from gpserverless.toolkit.catalogue import Catalogue
from gpserverless.toolkit.spec import ServiceSpec

WriteHelpUrl = Callable[[str, str, str], str]
"""Takes the public URL of the site, a service and a task; returns the URL of the task's help."""

EXECUTION_TYPES = {
    "sync": "esriExecutionTypeSynchronous",
    "async": "esriExecutionTypeAsynchronous",
}


@dataclass(frozen=True)
class DiscoveryOperations:
    """Handlers of the operations that describe a service.

    Attributes:
        catalogue: The published services.
        write_help_url: Writes the URL of the help of a task.
    """

    catalogue: Catalogue
    write_help_url: WriteHelpUrl

    @property
    def handlers(self) -> Handlers:
        """The handlers by the name of their operation; tasks are the older word for tools."""
        return {
            "GetExecutionType": self.get_execution_type,
            "GetResultMapServerName": lambda request: {"Result": ""},
            "GetToolNames": self.get_tool_names,
            "GetTaskNames": self.get_tool_names,
            "GetToolInfos": self.get_tool_infos,
            "GetTaskInfos": self.get_tool_infos,
            "GetToolInfo": self.get_tool_info,
        }

    def get_execution_type(self, request: SoapRequest) -> Answer:
        """Return whether the tools run at once or as jobs.

        Args:
            request: The request.
        """
        return {"Result": EXECUTION_TYPES[self._find_service(request).execution]}

    def get_tool_names(self, request: SoapRequest) -> Answer:
        """Return the names of the tools that the caller may see.

        Args:
            request: The request.
        """
        return {"Result": [task.name for task in self._find_service(request).tasks]}

    def get_tool_infos(self, request: SoapRequest) -> Answer:
        """Return the tools that the caller may see, with their parameters.

        Args:
            request: The request.
        """
        service = self._find_service(request)
        urls = [self.write_help_url(request.root, service.name, task.name) for task in service.tasks]
        return {"Result": [make_tool_info(task, url) for task, url in zip(service.tasks, urls, strict=True)]}

    def get_tool_info(self, request: SoapRequest) -> Answer:
        """Return one tool with its parameters.

        Args:
            request: The request.

        Raises:
            NotFound: There is no such tool.
        """
        name = request.require("ToolName")
        task = self.catalogue.for_caller(request.caller).task(request.service, name)
        return {"Result": make_tool_info(task, self.write_help_url(request.root, request.service, name))}

    def _find_service(self, request: SoapRequest) -> ServiceSpec:
        return self.catalogue.for_caller(request.caller).service(request.service)
