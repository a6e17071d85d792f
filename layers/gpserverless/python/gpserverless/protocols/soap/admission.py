"""Who may ask which operation.

Before anybody has signed in, clients ask how to sign in: that is answered with any credentials.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gpserverless.access.credentials import Identify
from gpserverless.caller import ANYBODY, Caller
from gpserverless.calls.admission import Need, check_access, find_caller
from gpserverless.errors import Forbidden
from gpserverless.http.request import Request
from gpserverless.protocols.soap.schema.operations import CATALOGUE_OPERATIONS, SERVICE_OPERATIONS
from gpserverless.toolkit.catalogue import Catalogue

WSDL = ""
"""The name that stands for the description instead of an operation's."""

NEEDS: Mapping[str, Need] = {
    WSDL: Need.SEE,
    **dict.fromkeys(CATALOGUE_OPERATIONS, Need.OPEN),
    **dict.fromkeys(("GetFolders", "GetServiceDescriptions", "GetServiceDescriptionsEx"), Need.SEE),
    **dict.fromkeys(SERVICE_OPERATIONS, Need.SEE),
    **dict.fromkeys(("Execute", "SubmitJob"), Need.RUN),
}
"""The need for each operation."""

TOOL_OPERATIONS = frozenset(
    operation.name
    for operation in SERVICE_OPERATIONS.values()
    if any(argument.name == "ToolName" for argument in operation.request)
)
"""The operations that name a tool; its own rules count there."""


@dataclass(frozen=True)
class SoapAdmission:
    """Lets callers in.

    Attributes:
        catalogue: The published services.
        identify: Returns the caller of credentials. It is not asked where none came.
    """

    catalogue: Catalogue
    identify: Identify

    def admit(self, request: Request, service: str, operation: str, tool: str = "") -> Caller:
        """Return the caller of a request, who may ask an operation.

        Args:
            request: The request.
            service: Qualified name of the service, "" for the catalogue.
            operation: Name of the operation, `WSDL` for the description.
            tool: Name of the tool that the request names, "" for none.

        Raises:
            TokenRequired: The caller has to sign in first.
            InvalidToken: A token came that counts no more, or never did.
            Forbidden: The caller may not, or nobody has said who may.
            NotFound: There is no such tool.
        """
        need = NEEDS.get(operation)
        if need is None:
            raise Forbidden
        if need is Need.OPEN:
            return replace(ANYBODY, address=request.address)
        found = find_caller(request, self.identify, changes=request.method == "POST")
        caller = replace(found, address=request.address)
        if service:
            check_access(self.catalogue, caller, need, service, tool if operation in TOOL_OPERATIONS else "")
        return caller
