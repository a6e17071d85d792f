"""The attributes of placemarks, brought into one schema for each layer.

LIBKML reads the schema of a layer or its untyped data, never both, changes letters beyond ASCII in names of
data, and reads an empty number as 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from gpserverless.formats.files.kml_edit import GX, KmlEdit

_REAL = re.compile(r"[-+]?([0-9]++(?:\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[-+]?(0*[0-9]{1,9}|1[0-9]{9})", re.ASCII)
_FORMS = {
    "int": _WHOLE,
    "uint": re.compile(r"[0-9]{1,18}", re.ASCII),
    "short": re.compile(r"[-+]?[0-9]{1,4}", re.ASCII),
    "ushort": re.compile(r"[0-9]{1,4}", re.ASCII),
    "float": _REAL,
    "double": _REAL,
    "bool": re.compile(r"0|1|true|false", re.IGNORECASE),
}
_NOTHING = re.compile("(?!)")
_CONTACTS = ("address", "phoneNumber")

Types = Mapping[str, Mapping[str, str]]


@dataclass
class _Attribute:
    """A field of a layer: its name, and its type in KML."""

    name: str
    type: str


def edit_data(root: Element, edit: KmlEdit) -> None:
    """Bring the attributes of all placemarks into schemas, one for each folder with placemarks.

    Attributes are data with and without a schema, elements of other namespaces, and the contacts of a
    placemark. A name that occurs twice in a placemark gets a number. A field of numbers with a value that is
    none becomes one of texts.

    Args:
        root: The document, with one feature that is a Document.
        edit: The course of the edit.
    """
    types = {
        schema.get("id", schema.get("name", "")): {
            each.get("name", ""): each.get("type", "") for each in schema.iter("SimpleField")
        }
        for schema in root.iter("Schema")
    }
    folders = [element for element in root.iter() if element.find("Placemark") is not None]
    if all(_has_one_schema(folder, types) for folder in folders):
        return
    made = [_edit_folder(folder, f"s{i}", types, edit) for i, folder in enumerate(folders)]
    for parent in list(root.iter()):
        for schema in parent.findall("Schema"):
            parent.remove(schema)
            edit.changed = True
    document = root.find("Document")
    for schema in made:
        if document is not None and len(schema):
            document.insert(0, schema)
            edit.changed = True


def _has_one_schema(folder: Element, types: Types) -> bool:
    """Return whether all attributes of a folder follow one schema, so that LIBKML reads them as they are."""
    urls = set()
    for mark in folder.iterfind("Placemark"):
        extended = mark.findall("ExtendedData")
        if len(extended) != 1 or len(extended[0]) != 1 or extended[0][0].tag != "SchemaData":
            return False
        data = extended[0][0]
        urls.add(data.get("schemaUrl", ""))
        if len(urls) > 1 or any(mark.find(tag) is not None for tag in _CONTACTS):
            return False
        fields = types.get(data.get("schemaUrl", "")[1:], {})
        names = [value.get("name", "") for value in data]
        forms = [_FORMS.get(fields[name]) if name in fields else _NOTHING for name in names]
        if len(set(names)) < len(names) or not all(
            form is None or form.fullmatch(value.text or "") for form, value in zip(forms, data, strict=True)
        ):
            return False
    fields = types.get("".join(urls)[1:], {})
    return len({name.lower() for name in fields}) == len(fields)


def _edit_folder(folder: Element, name: str, types: Types, edit: KmlEdit) -> Element:
    """Edit the placemarks of a folder and return their schema."""
    attributes: dict[str, _Attribute] = {}
    written = []
    for mark in folder.iterfind("Placemark"):
        values = list(_name_values(mark, types, attributes, edit))
        for extended in mark.findall("ExtendedData"):
            mark.remove(extended)
        if values:
            data = SubElement(SubElement(mark, "ExtendedData"), "SchemaData", schemaUrl=f"#{name}")
            written += [(data, *value) for value in values]
    for data, attribute, text in written:
        if text or attribute.type == "string":
            SubElement(data, "SimpleData", name=attribute.name).text = text
    schema = Element("Schema", id=name, name=name)
    for attribute in attributes.values():
        SubElement(schema, "SimpleField", type=attribute.type, name=attribute.name)
    return schema


def _name_values(
    mark: Element, types: Types, attributes: dict[str, _Attribute], edit: KmlEdit
) -> Iterator[tuple[_Attribute, str]]:
    seen: set[str] = set()
    for given, text, kind in _list_values(mark, types):
        name, number = given, 0
        while name.lower() in seen:
            number += 1
            name = f"{given}_{number}"
        if number:
            edit.lose(
                f"value of a name that occurs twice in its placemark is called {name[:60]}.",
                f"values of a name that occurs twice in their placemarks are called {name[:60]}.",
            )
        seen.add(name.lower())
        attribute = attributes.setdefault(name.lower(), _Attribute(name, kind))
        form = _FORMS.get(attribute.type)
        bare = text if form is None else text.strip()
        if kind != attribute.type or form is None or (bare and not form.fullmatch(bare)):
            attribute.type = "string"
        yield attribute, bare


def _list_values(mark: Element, types: Types) -> Iterator[tuple[str, str, str]]:
    """Return names, texts and types of the attributes of a placemark."""
    for extended in mark.findall("ExtendedData"):
        for data in extended:
            if data.tag == "Data":
                yield data.get("name") or "data", data.findtext("value", ""), "string"
            elif data.tag == "SchemaData":
                fields = types.get(data.get("schemaUrl", "").rpartition("#")[2], {})
                for value in data.iterfind("SimpleData"):
                    name = value.get("name") or "data"
                    kind = fields.get(name, "string")
                    yield name, value.text or "", kind if kind in _FORMS else "string"
            elif not data.tag.startswith(f"{{{GX}}}"):
                yield data.tag.rpartition("}")[2], data.text or "", "string"
    for tag in _CONTACTS:
        if text := mark.findtext(tag):
            yield tag, text, "string"
