"""Values of one of several types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.references import Fetch
from gpserverless.datatypes.scalars import quoted
from gpserverless.datatypes.value_table import composite_filter
from gpserverless.errors import InvalidValue

_TAGS = {"dataType", "value"}
_TAGGED = re.compile(r"""\s*\{\s*["'](dataType|value)["']""")


@dataclass(frozen=True)
class Alternatives(DataType):
    """A value of the first of several types that accepts it, such as a distance or the name of a field.

    Declared as GPString: the protocol's own type for it (`GPComposite`) is unknown to older clients.

    Args:
        members: The types, in the order in which they are tried.
    """

    members: tuple[DataType, ...]

    @property
    def name(self) -> str:
        """GPString."""
        return "GPString"

    @property
    def accepted(self) -> str:
        """What any member accepts."""
        return " or ".join(member.accepted for member in self.members)

    @property
    def is_secret(self) -> bool:
        """Whether a member is."""
        return any(member.is_secret for member in self.members)

    @property
    def may_be_reference(self) -> bool:
        """Whether a value of a member may lie elsewhere."""
        return any(member.may_be_reference for member in self.members)

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what the value points to, for the first member that may lie elsewhere."""
        first = next((member for member in self.members if member.may_be_reference), self.members[0])
        return first.fetch_references(raw, fetch)

    def load(self, raw: JSON, reading: LoadOptions) -> Any:
        """Read the value as the first type that accepts it."""
        return self._taken(raw, reading)[1]

    def _taken(self, raw: JSON, reading: LoadOptions) -> tuple[DataType, Any]:
        """Return the first member that accepts a value, and the value."""
        problems = []
        for member in self.members:
            try:
                return member, member.load(raw, reading)
            except InvalidValue as error:
                problems.append(error.problem)
        raise InvalidValue("; ".join(dict.fromkeys(problems)), self.accepted)

    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Write the value as the first type that can."""
        return None if value is None else self.member_of(value).dump(value, writing)

    def member_of(self, value: Any) -> DataType:
        """Return the first member whose value this is.

        Raises:
            InvalidValue: It is of none of the types.
        """
        member = next((member for member in self.members if member.holds(value)), None)
        if member is None:
            raise InvalidValue(f"{quoted(value)} is of none of the types")
        return member


@dataclass(frozen=True)
class GPComposite(Alternatives):
    """A value of one of several types, under the protocol's own name for it.

    It may come with a tag, `{"dataType": "GPLong", "value": 3}`; without one, the members are tried in order.
    A result is declared as the type that it has.
    """

    @property
    def name(self) -> str:
        """GPComposite."""
        return "GPComposite"

    @property
    def accepted(self) -> str:
        """What any member accepts, or with its tag."""
        names = ", ".join(member.name for member in self.members)
        return f'{super().accepted}; or {{"dataType": …, "value": …}} with one of {names}'

    @property
    def empty(self) -> JSON:
        """The empty value of the first member."""
        return self.members[0].empty

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch what the value points to, inside of its tag if it has one."""
        tagged = self._untagged(raw)
        if tagged is None:
            return super().fetch_references(raw, fetch)
        member, inner = tagged
        return {"dataType": member.name, "value": member.fetch_references(inner, fetch)}

    def _taken(self, raw: JSON, reading: LoadOptions) -> tuple[DataType, Any]:
        tagged = self._untagged(raw)
        if tagged is None:
            return super()._taken(raw, reading)
        member, inner = tagged
        return member, member.load(inner, reading)

    def _untagged(self, raw: JSON) -> tuple[DataType, JSON] | None:
        """Return the member that a tag names, and the value behind it; None if there is no tag."""
        if isinstance(raw, str) and _TAGGED.match(raw):
            raw = json_text.parse(raw, self.accepted)
        if not isinstance(raw, dict) or raw.keys() != _TAGS:
            return None
        tag = str(raw["dataType"]).lower()
        member = next((member for member in self.members if member.name.lower() == tag), None)
        if member is None:
            raise InvalidValue(f"{quoted(raw['dataType'])} is none of the data types", self.accepted)
        return member, raw["value"]

    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Write the value as the first type that can; None is the empty value of the first."""
        return self.empty if value is None else super().dump(value, writing)

    def written_as(self, value: Any) -> str:
        """Return the name of the type that the value has."""
        return self.members[0].name if value is None else self.member_of(value).name

    def dump_element(self, value: Any, writing: DumpOptions) -> JSON:
        """Write the value with its tag: elements of one list may be of different types."""
        return {"dataType": self.written_as(value), "value": self.dump(value, writing)}

    def echo(self, raw: JSON) -> JSON:
        """Return the value as its type shows it."""
        member, inner = self._shown(raw)
        return member.echo(inner)

    def echo_type(self, raw: JSON) -> str:
        """Return the name of the type that the value has."""
        return self._shown(raw)[0].name

    def _shown(self, raw: JSON) -> tuple[DataType, JSON]:
        return self._untagged(raw) or (self._pointing(raw) or self._taken(raw, LoadOptions())[0], raw)

    def _pointing(self, raw: JSON) -> DataType | None:
        """Return the member for which a value is a reference, None if it is none."""
        referring = (member for member in self.members if member.may_be_reference)
        return next(
            (member for member in referring if member.fetch_references(raw, lambda _: None) is not raw), None
        )

    def describe(self) -> dict[str, JSON]:
        """Return the members as parameterInfos, and their filters."""
        infos = [{"name": "", "dataType": m.name, "displayName": "", **m.describe()} for m in self.members]
        return {**composite_filter(infos), "parameterInfos": infos}
