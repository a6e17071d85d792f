"""The form of every data type. A new one is added here."""

from __future__ import annotations

from collections.abc import Mapping

from gpserverless.protocols.directory.forms.composites import CompositeForm
from gpserverless.protocols.directory.forms.extents import ExtentForm
from gpserverless.protocols.directory.forms.features import FeaturesForm
from gpserverless.protocols.directory.forms.lists import ListForm
from gpserverless.protocols.directory.forms.quantities import QUANTITIES
from gpserverless.protocols.directory.forms.references import ReferenceForm
from gpserverless.protocols.directory.forms.scalars import (
    SYSTEM_ATTRIBUTES,
    MomentForm,
    NumberForm,
    SpatialReferenceForm,
    TruthForm,
)
from gpserverless.protocols.directory.forms.tables import TableForm
from gpserverless.protocols.directory.forms.texts import AreaForm, LineForm, SecretForm, TextForm
from gpserverless.protocols.directory.forms.value_form import ValueForm

_LIST = "GPMultiValue"


def find_form(data_type: str) -> ValueForm:
    """Return the form of the values of a data type; of one that is not known, a line for its JSON.

    Args:
        data_type: Name of the data type, such as "GPMultiValue:GPString".
    """
    return VALUE_FORMS.get(data_type.partition(":")[0], _UNKNOWN)


_UNKNOWN = LineForm()
_FIELD = LineForm({"data-field-name": "", "list": "fields-{root}", "autocomplete": "off"})
_SYSTEM = SpatialReferenceForm(SYSTEM_ATTRIBUTES)

VALUE_FORMS: Mapping[str, ValueForm] = {
    "GPBoolean": TruthForm(),
    "GPLong": NumberForm(),
    "GPDouble": NumberForm(),
    "GPString": TextForm(),
    "GPStringHidden": SecretForm(),
    "GPSQLExpression": AreaForm({"rows": "2", "spellcheck": "false"}),
    "GPDate": MomentForm(),
    **QUANTITIES,
    "Field": _FIELD,
    "GPFeatureRecordSetLayer": FeaturesForm(),
    "GPRecordSet": FeaturesForm(),
    "GPDataFile": ReferenceForm(),
    "GPRasterData": ReferenceForm(),
    "GPRasterDataLayer": ReferenceForm(),
    "GPSpatialReference": _SYSTEM,
    "GPCoordinateSystem": _SYSTEM,
    "GPExtent": ExtentForm(),
    "GPEnvelope": ExtentForm(),
    "GPComposite": CompositeForm(),
    "GPValueTable": TableForm(find_form),
    _LIST: ListForm(find_form),
}
"""The forms by data type; lists of all element types have one."""
