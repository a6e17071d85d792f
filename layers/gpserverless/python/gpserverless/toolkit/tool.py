"""`@tool`: a typed function that is a task, and can still be called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Generic, ParamSpec, TypeVar, overload

from gpserverless.caller import Access
from gpserverless.errors import AuthoringError
from gpserverless.toolkit import names
from gpserverless.toolkit.access import check_access
from gpserverless.toolkit.signature import Signature, read_signature
from gpserverless.toolkit.spec import TaskSpec

P = ParamSpec("P")
R = TypeVar("R")


class Tool(Generic[P, R]):
    """A function with the spec of its task; calling it calls the function.

    Args:
        function: The author's function.
        name: Name of the task; the function's name in camel case if None.
        seconds: Longest run, if shorter than the service's.
        network: Whether it may call other servers.
        access: Rule for its callers, beside the service's.

    Raises:
        AuthoringError: The function cannot be published; the text says how to correct it.
    """

    def __init__(
        self,
        function: Callable[P, R],
        name: str | None = None,
        seconds: float | None = None,
        network: bool = False,
        access: Access | None = None,
    ) -> None:
        self.function = function
        self.network = network
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__
        where = (
            f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}: tool '{function.__name__}'"
        )
        try:
            self.signature: Signature = read_signature(function)
            spec = self._make_spec(name or names.camel_case(function.__name__))
            self.spec = replace(spec, seconds=seconds, access=check_access(access))
        except AuthoringError as error:
            raise AuthoringError(f"{where}: {error}") from None

    def _make_spec(self, name: str) -> TaskSpec:
        names.check_task(name)
        description = self.signature.documentation.description
        names.check_text(description, "the docstring")
        parameters = tuple(p for _, p in (*self.signature.inputs, *self.signature.outputs))
        return TaskSpec(name, names.make_title(name), description, parameters)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:  # noqa: D102 - it is the function itself
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<tool {self.spec.name}>"

    def split_outputs(self, answer: Any) -> list[Any]:
        """Return the values of the output parameters, in order.

        Args:
            answer: The value that the function returned.
        """
        return [answer if field is None else getattr(answer, field) for field, _ in self.signature.outputs]


@overload
def tool(function: Callable[P, R]) -> Tool[P, R]: ...


@overload
def tool(
    *,
    name: str | None = None,
    seconds: float | None = None,
    network: bool = False,
    access: Access | None = None,
) -> Callable[[Callable[P, R]], Tool[P, R]]: ...


def tool(
    function: Callable[P, R] | None = None,
    *,
    name: str | None = None,
    seconds: float | None = None,
    network: bool = False,
    access: Access | None = None,
) -> Tool[P, R] | Callable[[Callable[P, R]], Tool[P, R]]:
    """Make a typed function a tool.

    Args:
        function: The function, when the decorator is used without parentheses.
        name: Name of the task, if not the function's name in camel case.
        seconds: Longest run, if shorter than the service's.
        network: Whether it may call other servers. The process of a tool has no credentials.
        access: Rule for its callers, beside the service's.

    Raises:
        AuthoringError: The function cannot be published; the text says how to correct it.
    """
    if function is not None:
        return Tool(function)
    return lambda decorated: Tool(decorated, name, seconds, network, access)
