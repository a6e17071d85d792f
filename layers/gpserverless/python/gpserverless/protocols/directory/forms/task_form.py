"""The form of a task, made of the document that describes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gpserverless.protocols.directory.forms.control import Control
from gpserverless.protocols.directory.forms.mistakes import MAX_SHOWN, TOO_LONG, Mistake
from gpserverless.protocols.directory.forms.options import OPTIONS, draw_option
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.read import list_slots
from gpserverless.protocols.directory.forms.sentences import Sentence, divide_sentences
from gpserverless.protocols.directory.forms.settle import draw_value
from gpserverless.protocols.directory.forms.slot import Slot
from gpserverless.protocols.directory.forms.value_form import write_text

_LONGEST_DEFAULT = 80
_FEATURES = "GPFeatureRecordSetLayer"


@dataclass(frozen=True)
class FormField:
    """A labelled control.

    Attributes:
        name: Name of the parameter or option.
        title: Its label.
        description: Its help.
        control: The control.
        data_type: Name of its data type, "" for an option.
        is_required: Whether a value must be given.
        category: The heading under which it stands.
        dependency: Name of the parameter that it is about.
        default: The value that counts if it is left empty, if that is short.
        geometry: Geometry types of its features with blanks between, "" for any.
        known_fields: Names of the fields that it can name.
        wrong: The mistake in it, "" for none.
    """

    name: str
    title: str
    description: str
    control: Control
    data_type: str = ""
    is_required: bool = False
    category: str = ""
    dependency: str = ""
    default: str = ""
    geometry: str = ""
    known_fields: tuple[str, ...] = ()
    wrong: str = ""

    @property
    def id(self) -> str:
        """Id of its first element."""
        return f"f-{self.name}"

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The mistake in it, as its page tells it."""
        return divide_sentences(self.wrong)


@dataclass(frozen=True)
class TaskForm:
    """The form of a task.

    Attributes:
        task_url: Path of the task.
        document: Document of the task.
        fields: The inputs.
        options: The options.
        uploads_url: Path of the uploads of its service, "" if it has none.
        mistakes: The mistakes in it.
    """

    task_url: str
    document: Mapping[str, Any]
    fields: tuple[FormField, ...]
    options: tuple[FormField, ...]
    uploads_url: str = ""
    mistakes: tuple[Mistake, ...] = ()

    @property
    def is_sync(self) -> bool:
        """Whether the task runs while its caller waits."""
        return bool(self.document["executionType"] == "esriExecutionTypeSynchronous")

    @property
    def action(self) -> str:
        """Path to which the form is sent."""
        return f"{self.task_url}/{'execute' if self.is_sync else 'submitJob'}"

    @property
    def has_secrets(self) -> bool:
        """Whether a value must not be in a URL."""
        return any(slot.is_secret for slot in list_slots(self.document))

    @property
    def has_wrong_option(self) -> bool:
        """Whether an option is wrong."""
        return any(field.wrong for field in self.options)

    @property
    def has_option(self) -> bool:
        """Whether an option is given."""
        return any(
            field.control.value or any(c.is_chosen for c in field.control.choices) for field in self.options
        )

    @cached_property
    def categories(self) -> Mapping[str, list[FormField]]:
        """The inputs by their category, those without one first."""
        found: dict[str, list[FormField]] = {"": []}
        for field in self.fields:
            found.setdefault(field.category, []).append(field)
        return found

    @property
    def told(self) -> list[tuple[Mistake, tuple[Sentence, ...]]]:
        """The mistakes, each as its page tells it."""
        return [(mistake, divide_sentences(mistake.text)) for mistake in self.mistakes]

    @property
    def titles(self) -> Mapping[str, str]:
        """The labels of the inputs and options by their name."""
        return {field.name: field.title for field in (*self.fields, *self.options)}


def draw_form(
    task_url: str, document: Mapping[str, Any], parts: Parts, mistakes: Iterable[Mistake] = ()
) -> TaskForm:
    """Return the form of a task with the values that were sent, and the defaults of the others.

    Args:
        task_url: Path of the task.
        document: Document of the task.
        parts: The texts that were sent.
        mistakes: The mistakes in them.
    """
    found = {mistake.name.lower(): mistake for mistake in mistakes}
    slots = list_slots(document)
    parts, dropped = parts.limit(MAX_SHOWN)
    lost = {each.partition(".")[0] for each in dropped}
    for name in (*(slot.name for slot in slots), *OPTIONS):
        if name.lower() in lost:
            found.setdefault(name.lower(), Mistake(name, TOO_LONG))
    fields = tuple(_draw_field(slot, parts, found.get(slot.name.lower()), slots) for slot in slots)
    options = tuple(_draw_option_field(name, parts, found.get(name.lower())) for name in OPTIONS)
    return TaskForm(task_url, document, fields, options, mistakes=tuple(found.values()))


def _draw_field(slot: Slot, parts: Parts, mistake: Mistake | None, slots: list[Slot]) -> FormField:
    if mistake and mistake.replacement is not None:
        parts = Parts.of({slot.name: [mistake.replacement]})
    dependency = str(slot.info.get("dependency") or "")
    return FormField(
        slot.name,
        str(slot.info.get("displayName") or slot.name),
        str(slot.info.get("description") or ""),
        draw_value(slot, parts),
        slot.data_type,
        slot.is_required,
        str(slot.info.get("category") or ""),
        dependency,
        _write_default(slot),
        _list_geometries(slot),
        _list_fields(dependency, slots),
        mistake.text if mistake else "",
    )


def _draw_option_field(name: str, parts: Parts, mistake: Mistake | None) -> FormField:
    option = OPTIONS[name]
    wrong = mistake.text if mistake else ""
    return FormField(name, option.title, option.help, draw_option(name, parts), wrong=wrong)


def _write_default(slot: Slot) -> str:
    """Return a default that fits into a sentence."""
    if slot.is_secret or slot.is_required or isinstance(slot.default, list | dict):
        return ""
    text = write_text(slot.default)
    return text if len(text) <= _LONGEST_DEFAULT else ""


def _list_geometries(slot: Slot) -> str:
    found = slot.filter
    is_wanted = slot.data_type.endswith(_FEATURES) and found.get("type") == "featureClass"
    return " ".join(found["list"]) if is_wanted else ""


def _list_fields(dependency: str, slots: list[Slot]) -> tuple[str, ...]:
    """Return the names of the fields in the default of the parameter that another one is about."""
    schema = next((slot.default for slot in slots if slot.name == dependency), None)
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return tuple(str(field["name"]) for field in fields or ())
