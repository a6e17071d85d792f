"""The name of a parameter in the errors of its value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gpserverless.errors import InvalidParameter, InvalidValue


@contextmanager
def name_in_errors(parameter: str) -> Iterator[None]:
    """Say in the errors of a block which parameter has the value that is wrong.

    Args:
        parameter: Name of the parameter on the wire.

    Raises:
        InvalidParameter: The block raised `InvalidValue`.
    """
    try:
        yield
    except InvalidValue as error:
        raise InvalidParameter(parameter, error.problem, error.accepted) from None
