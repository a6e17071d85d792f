"""The page of forms: its fields make its values."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import pytest

from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.read import read_values
from tests.docs.test_reference import rows, spans

PAGE = (Path(__file__).parents[2] / "docs/reference/forms.md").read_text("utf-8")
LINES = [tuple(spans(cell)[0] for cell in cells) for cells in rows(PAGE, 3) if all(map(spans, cells))]
COLUMNS = {
    "GPFeatureRecordSetLayer": {"choiceList": ["Cities"]},
    "GPComposite": {"parameterInfos": [{"name": "", "dataType": "GPLong"}]},
    "GPValueTable": {
        "parameterInfos": [{"name": "A", "dataType": "GPString"}, {"name": "B", "dataType": "GPLong"}]
    },
}


@pytest.mark.parametrize(("data_type", "fields", "value"), LINES)
def test_fields_make_the_value(data_type: str, fields: str, value: str) -> None:
    parameter = {"name": "V", "dataType": data_type, "direction": "esriGPParameterDirectionInput"}
    task = {"parameters": [{**parameter, **COLUMNS.get(data_type, {})}]}
    values = read_values(task, Parts.of(parse_qs(fields)))
    assert not values.mistakes
    assert values.fields["v"] == (value.replace("⏎", "\n"),)


def test_page_has_lines() -> None:
    assert len(LINES) == 12
