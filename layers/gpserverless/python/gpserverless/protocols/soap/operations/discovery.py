"""The operations that describe a service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.protocols.soap.discovery import make_tool_info
from gpserverless.protocols.soap.operation import Answer, Asked, Handlers
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
            "GetResultMapServerName": lambda asked: {"Result": ""},
            "GetToolNames": self.get_tool_names,
            "GetTaskNames": self.get_tool_names,
            "GetToolInfos": self.get_tool_infos,
            "GetTaskInfos": self.get_tool_infos,
            "GetToolInfo": self.get_tool_info,
        }

    def get_execution_type(self, asked: Asked) -> Answer:
        """Return whether the tools run at once or as jobs.

        Args:
            asked: The operation.
        """
        return {"Result": EXECUTION_TYPES[self._find_service(asked).execution]}

    def get_tool_names(self, asked: Asked) -> Answer:
        """Return the names of the tools that the caller may see.

        Args:
            asked: The operation.
        """
        return {"Result": [task.name for task in self._find_service(asked).tasks]}

    def get_tool_infos(self, asked: Asked) -> Answer:
        """Return the tools that the caller may see, with their parameters.

        Args:
            asked: The operation.
        """
        service = self._find_service(asked)
        urls = [self.write_help_url(asked.root, service.name, task.name) for task in service.tasks]
        return {"Result": [make_tool_info(task, url) for task, url in zip(service.tasks, urls, strict=True)]}

    def get_tool_info(self, asked: Asked) -> Answer:
        """Return one tool with its parameters.

        Args:
            asked: The operation.

        Raises:
            NotFound: There is no such tool.
        """
        name = asked.require("ToolName")
        task = self.catalogue.for_caller(asked.caller).task(asked.service, name)
        return {"Result": make_tool_info(task, self.write_help_url(asked.root, asked.service, name))}

    def _find_service(self, asked: Asked) -> ServiceSpec:
        return self.catalogue.for_caller(asked.caller).service(asked.service)
