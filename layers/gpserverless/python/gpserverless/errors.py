"""Every error that this package raises on purpose, in one tree.

    GPServerlessError
    ├── AuthoringError           a toolbox is written wrongly; raised at import
    ├── SettingsError            an environment variable or a built file is missing or wrong
    ├── CommandError             a command line asks for something that cannot be done
    ├── InvalidValue             a value cannot be read as its type; it does not name the parameter
    ├── RequestError             the request cannot be answered
    │   ├── InvalidParameter     one parameter's value is wrong; it names the accepted forms
    │   ├── MissingParameter     a required parameter was not given
    │   ├── UnsupportedFormat    the answer cannot be written in the format of the request
    │   ├── NotFound             no such folder, service, task or other resource
    │   │   └── UnknownJob       no such job, result, input or file of a job
    │   ├── AccessError          the caller may not, or nobody knows who calls
    │   │   ├── TokenRequired    the resource is for callers who have signed in
    │   │   ├── InvalidToken     a token came, and it is none of this site or counts no more
    │   │   ├── InvalidSignIn    name or password are wrong, or there were too many wrong ones
    │   │   ├── OAuthError       an application's request for a token is wrong
    │   │   │   └── InvalidRedirect  nobody registered its redirect address
    │   │   └── Forbidden        the caller is known and may not
    │   ├── QuotaReached         the caller has used up a quota of the site
    │   ├── UnknownEnvelope      the SOAP envelope is of another version
    │   ├── UnknownHeader        a SOAP header must be understood, and is not
    │   ├── MethodNotAllowed     an HTTP method other than GET, POST, HEAD and OPTIONS
    │   └── TooLarge             the request or the answer is over a limit
    ├── RunError                 the tool ran and did not succeed
    │   ├── ToolError            raised by the tool itself: the only text of a tool that a caller sees
    │   ├── ToolCrashed          the tool raised another error, or its process died
    │   │   └── OutOfDisk        the tool needed more of the disk than its function has
    │   ├── OutOfMemory          the tool needed more memory than its function has
    │   └── DeadlinePassed       the tool ran longer than its limit
    └── StorageError             table, queue, object store or another function failed; another try may help
        └── StorageRefused       it changed nothing, and another try would not help
    RunEnded (BaseException)
    ├── Cancelled                the caller cancelled the job
    └── LeaseLost                another worker may have the job: stop, and write nothing

`RunEnded` is not an `Exception`, so that `except Exception` in a tool does not catch a cancel
(asyncio made the same choice for its `CancelledError`).
"""

from __future__ import annotations

import errno

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Numbers of the system's errors for a full disk."""


class GPServerlessError(Exception):
    """Base of every error raised on purpose."""


class AuthoringError(GPServerlessError):
    """A tool or a toolbox is written wrongly; the text says how to correct it."""


class SettingsError(GPServerlessError):
    """An environment variable or a built file of the function is missing or malformed; the text names it."""


class CommandError(GPServerlessError):
    """A command line asks for something that cannot be done; the text is one sentence, the status is 2."""


class InvalidValue(GPServerlessError):
    """A value cannot be read as its data type.

    Args:
        problem: The problem as a clause without the parameter's name: "'x' is not a number".
        accepted: The accepted forms: "a JSON number".
    """

    def __init__(self, problem: str, accepted: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.accepted = accepted


class RequestError(GPServerlessError):
    """The request cannot be answered; the text is shown to the caller."""

    def __init__(self, *details: str) -> None:
        super().__init__(*details)
        self.details = details


class InvalidParameter(RequestError):
    """One parameter's value is wrong.

    Args:
        parameter: The parameter's name on the wire.
        problem: The problem as a clause: "'x' is not a number".
        accepted: The accepted forms: "a JSON number".
    """

    def __init__(self, parameter: str, problem: str, accepted: str = "") -> None:
        sentence = f"Parameter '{parameter}': {problem.rstrip('.')}."
        super().__init__(sentence + (f" Accepted: {accepted.rstrip('.')}." if accepted else ""))
        self.parameter, self.problem, self.accepted = parameter, problem, accepted


class MissingParameter(InvalidParameter):
    """A required parameter was not given."""

    def __init__(self, parameter: str, accepted: str = "") -> None:
        super().__init__(parameter, "a value is required", accepted)


class UnsupportedFormat(RequestError):
    """The answer cannot be written in the format of the request."""


class NotFound(RequestError):
    """There is no such folder, service, task or other resource."""


class UnknownJob(NotFound):
    """A task has no such job, or a job no such result, input or file."""


class AccessError(RequestError):
    """The caller may not, or nobody knows who calls; the text tells nothing about what there is."""


class TokenRequired(AccessError):
    """The resource is for callers who have signed in."""

    def __init__(self) -> None:
        super().__init__("Sign in, and send the token with the request.")


class InvalidToken(AccessError):
    """The token is malformed, none of this site, expired, revoked, or bound elsewhere."""

    def __init__(self) -> None:
        super().__init__("Sign in again for a new token.")


class InvalidSignIn(AccessError):
    """Name or password are wrong, the user is disabled, or too many were wrong; it does not say which."""

    def __init__(self) -> None:
        super().__init__("Invalid username or password.")  # clients look for these words


class OAuthError(AccessError):
    """An application's request for the sign-in page or a token is wrong.

    Args:
        code: The word of RFC 6749, such as "invalid_grant".
        description: A sentence for the application's author.
    """

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


class InvalidRedirect(OAuthError):
    """The application is unknown, or has not this redirect address: nobody must be sent there."""

    def __init__(self) -> None:
        super().__init__("invalid_request", "Invalid redirect_uri")  # clients look for these words


class Forbidden(AccessError):
    """The caller is known and may not."""

    def __init__(self) -> None:
        super().__init__("Ask an administrator of the site for the role or the group that is needed.")


class QuotaReached(RequestError):
    """The caller has used up a quota; the text names it, its amount and its end."""


class MethodNotAllowed(RequestError):
    """The HTTP method is none of GET, POST, HEAD and OPTIONS."""


class UnknownEnvelope(RequestError):
    """A SOAP envelope is of another version than 1.1 and 1.2."""


class UnknownHeader(RequestError):
    """A SOAP header says that it must be understood, and none is."""


class TooLarge(RequestError):
    """The request, a value in it or the answer is over a limit; the text names the limit."""


class RunError(GPServerlessError):
    """A tool ran and did not succeed; the text is shown to the caller."""


class ToolError(RunError):
    """Raise this in a tool to end it with a message for the caller.

    Example:
        >>> def require_wells(wells: FeatureSet[Point]) -> None:
        ...     if not len(wells):
        ...         raise ToolError("There is no well in the area.")
        >>> require_wells(FeatureSet.of([], SpatialReference(25832)))
        Traceback (most recent call last):
            ...
        gpserverless.errors.ToolError: There is no well in the area.
    """


class ToolCrashed(RunError):
    """The tool raised an unexpected error, or its process died in native code."""


class OutOfDisk(ToolCrashed):
    """The tool needed more of the disk than its function has."""


class OutOfMemory(RunError):
    """The tool needed more memory than its function has."""


class DeadlinePassed(RunError):
    """The tool ran longer than its limit."""


class StorageError(GPServerlessError):
    """The table, the queue, the object store or another function failed; another try may help."""


class StorageRefused(StorageError):
    """The table, the queue or the object store refused and changed nothing; another try would not help."""


class RunEnded(BaseException):
    """A run was ended from outside; deliberately not an `Exception`."""


class Cancelled(RunEnded):
    """The caller cancelled the job."""


class LeaseLost(RunEnded):
    """The worker's lease of the job is over, or may be: stop, and write nothing."""
