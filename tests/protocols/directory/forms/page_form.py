"""The form on a page as a browser without scripts has it (HTML 4.10.21, form submission)."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_BOXES = ("checkbox", "radio")


@dataclass
class PageControl:
    """A control of a form: what it sends, and what it offers."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = True
    attributes: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)


class PageForm(HTMLParser):
    """The only form of a page with `data-task-form`, and whatever else of the page a person sees of it.

    Attributes:
        attributes: Attributes of the form.
        controls: Its controls in their order, those in templates left out.
        links: Targets of the links of the page.
        ids: Ids of its elements.
    """

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.attributes: dict[str, str] = {}
        self.controls: list[PageControl] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.fields: dict[str, dict[str, str]] = {}
        self.text = ""
        self._open: PageControl | None = None
        self._templates = 0
        self._is_inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._templates += tag == "template"
        if self._templates:
            return
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []
        if tag == "form" and "data-task-form" in found:
            self.attributes, self._is_inside = found, True
        if "data-field" in found:
            self.fields[found["data-field"]] = found
        if self._is_inside and tag in ("input", "textarea", "select") and "disabled" not in found:
            self._add(tag, found)
        if tag == "option" and self._open and self._open.kind == "select":
            self._open.options.append(found.get("value", ""))
            if "selected" in found or len(self._open.options) == 1:
                self._open.value = found.get("value", "")

    def _add(self, tag: str, found: dict[str, str]) -> None:
        kind = found.get("type", "text") if tag == "input" else tag
        is_on = kind not in _BOXES or "checked" in found
        control = PageControl(found["name"], kind, found.get("value", ""), is_on, found)
        self.controls.append(control)
        self._open = control if tag in ("textarea", "select") else None

    def handle_data(self, data: str) -> None:
        if self._open and self._open.kind == "textarea":
            self._open.value += data
        elif not self._templates:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        if tag == "textarea" and self._open:
            self._open.value = self._open.value.removeprefix("\n")
        if tag in ("textarea", "select"):
            self._open = None
        if tag == "form":
            self._is_inside = False

    def find(self, name: str) -> list[PageControl]:
        """Return the controls of a name; there must be one."""
        found = [control for control in self.controls if control.name == name]
        assert found, f"no control {name!r} among {[control.name for control in self.controls]}"
        return found

    def fill(self, **texts: str | list[str]) -> PageForm:
        """Type texts, choose options and check boxes; `__` in a name stands for a point."""
        for name, text in texts.items():
            self.set(name.replace("__", "."), text)
        return self

    def set(self, name: str, text: str | list[str]) -> PageForm:
        """Type a text, choose an option or check boxes."""
        wanted = [text] if isinstance(text, str) else text
        controls = self.find(name)
        if controls[0].kind in _BOXES:
            assert set(wanted) <= {control.value for control in controls}
            for control in controls:
                control.is_on = control.value in wanted
            return self
        assert len(wanted) <= len(controls), f"{name} has {len(controls)} controls"
        for control, each in zip(controls, wanted, strict=False):
            assert not control.options or each in control.options, f"{each!r} is no option of {name}"
            control.value = each
        return self

    def values(self, name: str) -> list[str]:
        """Return the texts that the controls of a name would send."""
        return [value for each, value in self.pairs() if each == name]

    def pairs(self) -> list[tuple[str, str]]:
        """Return the fields in which the form is sent, without files; lines end with CR LF."""
        sent = [c for c in self.controls if c.is_on and c.kind != "file"]
        return [
            (c.name, c.value.replace("\r\n", "\n").replace("\n", "\r\n") if c.kind == "textarea" else c.value)
            for c in sent
        ]
