"""Values of one of several types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes import json_text
from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import (
    Costly,
    Deferrable,
    Echoing,
    Polymorphic,
    Secret,
    Textual,
    echo,
    holds,
    is_costly,
    is_heavy,
    is_secret,
    is_textual,
)
from gpserverless.datatypes.hidden import GPStringHidden
from gpserverless.datatypes.members import read_members
from gpserverless.datatypes.referable import (
    Fetch,
    Referable,
    fetch_references,
    is_blank_reference,
    is_given,
    may_be_reference,
    parse_short,
)
from gpserverless.datatypes.references import MAX_REFERENCE
from gpserverless.datatypes.scalars import GPBoolean, GPDouble, GPLong, GPString
from gpserverless.datatypes.sql import GPSQLExpression
from gpserverless.datatypes.value_table import composite_filter
from gpserverless.errors import InvalidValue
from gpserverless.values.quotation import quoted

_TAGS = {"dataType": ("dataType",), "value": ("value",)}
_TEXTS = (GPString, GPStringHidden, GPSQLExpression)
_NO_OBJECTS = (*_TEXTS, GPBoolean, GPLong, GPDouble)


@dataclass(frozen=True)
class Alternatives(DataType, Referable, Secret, Costly, Deferrable, Textual):
    """A value of the first of several types that accepts it, such as a distance or the name of a field.

    Declared as GPString: the protocol's own type for it (`GPComposite`) is unknown to older clients.

    Args:
        members: The types, in the order of trial.
    """

    members: tuple[DataType, ...]

    name = "GPString"

    @property
    def accepted(self) -> str:
        """The accepted forms of all members."""
        return " or ".join(member.accepted for member in self.members)

    @property
    def is_secret(self) -> bool:
        """Whether a member is."""
        return any(is_secret(member) for member in self.members)

    @property
    def is_costly(self) -> bool:
        """Whether a member is."""
        return any(is_costly(member) for member in self.members)

    @property
    def is_textual(self) -> bool:
        """Whether a member is."""
        return any(is_textual(member) for member in self.members)

    @property
    def may_be_reference(self) -> bool:
        """Whether a value of a member may lie elsewhere."""
        return any(may_be_reference(member) for member in self.members)

    def is_blank(self, raw: JSON) -> bool:
        """Return whether a value stands for none; null does not where a text may be meant."""
        is_text = isinstance(raw, str) and any(isinstance(member, GPString) for member in self.members)
        return is_blank_reference(raw) and (not is_text or isinstance(parse_short(raw), dict))

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch a reference as the first member that may lie elsewhere."""
        first = next((member for member in self.members if may_be_reference(member)), self.members[0])
        return fetch_references(first, raw, fetch)

    def check_at_submit(self, raw: JSON, options: LoadOptions) -> Any:
        """Read a value, unless it is a heavy one of a member that leaves such to the worker."""
        is_left = is_heavy(raw) and any(isinstance(member, Deferrable) for member in self.members)
        return None if is_left else self.load(raw, options)

    def load(self, raw: JSON, options: LoadOptions) -> Any:
        """Read the value as the first type that accepts it."""
        return self._load_first(raw, options)[1]

    def _load_first(self, raw: JSON, options: LoadOptions) -> tuple[DataType, Any]:
        """Return the first member that accepts a value, and the loaded value.

        An object that no member accepts is not taken for a text, and a number not for a truth value.
        """
        problems = []
        for member in self._find_candidates(raw):
            try:
                return member, member.load(raw, options)
            except InvalidValue as error:
                problems.append(error.problem)
        self.fail("; ".join(dict.fromkeys(problems)))

    def _find_candidates(self, raw: JSON) -> list[DataType]:
        """Return the members to try."""
        takes_objects = any(not isinstance(member, _NO_OBJECTS) for member in self.members)
        refused = _TEXTS if takes_objects and _parse_object(raw) is not None else ()
        candidates = [member for member in self.members if not isinstance(member, refused)]
        sure = [m for m in candidates if not isinstance(m, GPBoolean) or m.find_word(raw) is not None]
        return sure or candidates

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write the value as the first type that can."""
        return None if value is None else self.find_member(value).dump(value, options)

    def find_member(self, value: Any) -> DataType:
        """Return the first member that a Python value belongs to.

        Args:
            value: The Python value.

        Raises:
            InvalidValue: It is of none of the types.
        """
        member = next((member for member in self.members if holds(member, value)), None)
        if member is None:
            raise InvalidValue(f"{quoted(value)} is of none of the types")
        return member


@dataclass(frozen=True)
class GPComposite(Alternatives, Echoing, Polymorphic):
    """A value of one of several types, under the protocol's own name for it.

    It may come with a tag, `{"dataType": "GPLong", "value": 3}`; without one, the members are tried in order.
    A result is declared as its own type.
    """

    name = "GPComposite"

    @property
    def accepted(self) -> str:
        """The accepted forms of all members, and the tags."""
        names = ", ".join(member.name for member in self.members)
        return f'{super().accepted}; or {{"dataType": …, "value": …}} with one of {names}'

    @property
    def empty(self) -> JSON:
        """The empty value of the first member."""
        return self.members[0].empty

    def is_blank(self, raw: JSON) -> bool:
        """Return whether a value stands for none, inside its tag if it has one."""
        tagged = self._untag(raw)
        return super().is_blank(raw) if tagged is None else not is_given(*tagged)

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Fetch a reference, inside its tag if it has one."""
        tagged = self._untag(raw)
        if tagged is None:
            return super().fetch_references(raw, fetch)
        member, inner = tagged
        return {"dataType": member.name, "value": fetch_references(member, inner, fetch)}

    def _load_first(self, raw: JSON, options: LoadOptions) -> tuple[DataType, Any]:
        tagged = self._untag(raw)
        if tagged is None:
            return super()._load_first(raw, options)
        member, inner = tagged
        return member, member.load(inner, options)

    def _untag(self, raw: JSON) -> tuple[DataType, JSON] | None:
        """Return the member of a tag and the tagged value; None if there is no tag."""
        document = _parse_object(raw)
        if document is None or not {"datatype", "value"} <= {key.lower() for key in document}:
            return None
        tags = read_members(document, _TAGS, self.accepted, ("paramName",))
        tag = str(tags.get("dataType")).lower()
        member = next((member for member in self.members if member.name.lower() == tag), None)
        if member is None:
            self.fail(f"{quoted(tags.get('dataType'))} is none of the data types")
        return member, tags.get("value")

    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Write the value as the first type that can; None is the empty value of the first."""
        return self.empty if value is None else super().dump(value, options)

    def result_type(self, value: Any) -> str:
        """Return the name of the first type that the value belongs to; None belongs to the first."""
        return self.members[0].name if value is None else self.find_member(value).name

    def dump_element(self, value: Any, options: DumpOptions) -> JSON:
        """Write the value with its tag: elements of one list may be of different types."""
        return {"dataType": self.result_type(value), "value": self.dump(value, options)}

    def echo(self, raw: JSON) -> JSON:
        """Return the value as the inputs resource shows its type."""
        member, inner = self._find_echo(raw)
        return echo(member, inner)

    def echo_type(self, raw: JSON) -> str:
        """Return the name of the type of the value."""
        return self._find_echo(raw)[0].name

    def _find_echo(self, raw: JSON) -> tuple[DataType, JSON]:
        """Return the member that a raw value belongs to, and the value without its tag."""
        tagged = self._untag(raw)
        if tagged is not None:
            return tagged
        return self._find_referred(raw) or self._load_first(raw, LoadOptions())[0], raw

    def _find_referred(self, raw: JSON) -> DataType | None:
        """Return the first member for which a value is a reference."""
        referable = (member for member in self.members if may_be_reference(member))
        return next((m for m in referable if fetch_references(m, raw, lambda _: None) is not raw), None)

    def describe(self) -> dict[str, JSON]:
        """Return the members as parameterInfos, and their filters."""
        infos = [{"name": "", "dataType": m.name, "displayName": "", **m.describe()} for m in self.members]
        return {**composite_filter(infos), "parameterInfos": infos}


def _parse_object(raw: JSON) -> Mapping[str, JSON] | None:
    """Return the object that a value is, or whose text it is; None for another value."""
    if isinstance(raw, str):
        text = raw.lstrip()
        if not text.startswith("{") or len(text) > MAX_REFERENCE:
            return None
        try:
            raw = json_text.parse(text, "")
        except InvalidValue:
            return None
    return raw if isinstance(raw, Mapping) else None
