"""Scalars: what is accepted, what it becomes, what is refused and how the refusal reads."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpserverless.datatypes.alternatives import Alternatives
from gpserverless.datatypes.base import DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.dates import GPDate
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.quantities import GPLinearUnit
from gpserverless.datatypes.scalars import LONG_LIMIT, GPBoolean, GPDouble, GPLong, GPString, Range
from gpserverless.datatypes.spatial_reference import SpatialReferenceText
from gpserverless.errors import InvalidValue
from gpserverless.values.units import LinearUnit

MORNING = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
KEEP = GPBoolean(("KEEP_ALL", "ONLY_INTERSECTING"))
SIDE = GPString(("FULL", "LEFT", "RIGHT"))

ACCEPTED = [
    (GPBoolean(), "true", True),
    (GPBoolean(), "False", False),
    (GPBoolean(), True, True),
    (KEEP, "only_intersecting", False),
    (KEEP, "KEEP_ALL", True),
    (GPLong(), "12", 12),
    (GPLong(), " -7 ", -7),
    (GPLong(), "7\x1f", 7),
    (GPDouble(), "\x1c2.5 ", 2.5),
    (GPDate(), "1795249800000\x1e", datetime(2026, 11, 21, 8, 30, tzinfo=UTC)),
    (GPLong(), str(LONG_LIMIT), LONG_LIMIT),
    (GPDouble(), "1.5e3", 1500.0),
    (GPDouble(), ".5", 0.5),
    (GPDouble(), 3, 3.0),
    (GPString(), "  any text, even {broken json  ", "  any text, even {broken json  "),
    (SIDE, "left", "LEFT"),
    (GPDate(), "1795249800000", datetime(2026, 11, 21, 8, 30, tzinfo=UTC)),
    (GPDate(), "2026-11-21T08:30:00", MORNING),
    (GPDate(), "2026-11-21T08:30:00.000", MORNING),
    (GPDate(), "2026-11-21T08:30:00:000", MORNING),
    (GPDate(), "2026-11-21T10:30:00+02:00", MORNING),
    (GPDate(), '{"date":"21/11/2026 08.30","format":"dd/MM/yyyy HH.mm"}', MORNING),
    (GPLinearUnit(), '{"distance":5,"units":"esriKilometers"}', LinearUnit(5, "esriKilometers")),
    (GPLinearUnit(), "{'distance': 5, 'units': 'Esrimiles'}", LinearUnit(5, "esriMiles")),
    (GPLinearUnit(), '{"distance":"5","units":"esriNauticalmiles"}', LinearUnit(5, "esriNauticalMiles")),
    (GPLinearUnit(), '{"distance":5}', LinearUnit(5, "esriMeters")),
    (GPLinearUnit(), "5 Miles", LinearUnit(5, "esriMiles")),
    (GPMultiValue(GPString()), '["a","b,c"]', ["a", "b,c"]),
    (GPMultiValue(GPString()), "['a', 'b']", ["a", "b"]),
    (GPMultiValue(GPString()), "a,b", ["a", "b"]),
    (GPMultiValue(GPString()), "a;b;c", ["a", "b", "c"]),
    (GPMultiValue(GPLong()), "[1, 2]", [1, 2]),
    (GPMultiValue(GPDouble()), "1.5", [1.5]),
    (GPMultiValue(GPLinearUnit()), '[{"distance":1,"units":"esriFeet"}]', [LinearUnit(1, "esriFeet")]),
    (Alternatives((GPLinearUnit(), GPString())), "2 Feet", LinearUnit(2, "esriFeet")),
    (Alternatives((GPLinearUnit(), GPString())), "WIDTH", "WIDTH"),
]

REFUSED = [
    (GPBoolean(), "yes", "'yes' is not a truth value", "true, false"),
    (GPBoolean(), 2, "'2' is not a truth value", "true, false"),
    (KEEP, "KEEP", "'KEEP' is not a truth value", "true, false, KEEP_ALL, ONLY_INTERSECTING"),
    (GPLong(), "1.5", "'1.5' is not a whole number", "a whole number"),
    (GPLong(), "1_000", "'1_000' is not a whole number", "a whole number"),
    (GPLong(), "١٢", "'١٢' is not a whole number", "a whole number"),
    (GPLong(), True, "'True' is not a whole number", "a whole number"),
    (
        GPLong(),
        "4503599627370496",
        "'4503599627370496' is too large",
        f"whole numbers from -{LONG_LIMIT} to {LONG_LIMIT}",
    ),
    (GPLong(Range(ge=1, le=5)), "6", "6 is outside the range", "a whole number at least 1 and at most 5"),
    (GPDouble(), "NaN", "'NaN' is not a number", "a finite number"),
    (GPDouble(), "1e999", "'1e999' is not finite", "a finite number"),
    (GPDouble(), "0x10", "'0x10' is not a number", "a finite number"),
    (GPDouble(Range(gt=0)), "0", "0 is outside the range", "a finite number more than 0"),
    (SIDE, "BOTH", "'BOTH' is not one of the choices", "FULL, LEFT, RIGHT"),
    (GPDate(), "tomorrow", "'tomorrow' is not a date", None),
    (GPDate(), "2026-13-01", "'2026-13-01' is not a date", None),
    (GPDate(), '{"date":"2026","format":"%Y"}', "'%Y' is not a format of dates", None),
    (GPDate(), '{"date":"2026 2026","format":"yyyy yyyy"}', "is not a date of the format", None),
    (GPDate(), '{"date":"2026"}', "it has no 'format', or not as a text", None),
    (GPDate(), "999999999999999", "'999999999999999' is not a date", None),
    (GPLinearUnit(), '{"distance":5,"units":"esriParsecs"}', "'esriParsecs' is not a linear unit", None),
    (GPLinearUnit(), '{"units":"esriMeters"}', "has no 'distance'", None),
    (GPLinearUnit(), '{"distance":NaN}', "NaN is not a number", None),
    (GPMultiValue(GPLong()), '["1", "x"]', "element 1: 'x' is not a whole number", "a whole number"),
    (GPMultiValue(GPLong()), "[1, 2", "the JSON is malformed", None),
    (SpatialReferenceText(), "999999", "999999", None),
    (SpatialReferenceText(), "+proj=longlat", None, None),
]


@pytest.mark.parametrize(("kind", "raw", "value"), ACCEPTED)
def test_accepted(kind: DataType, raw: object, value: object) -> None:
    assert kind.load(raw, LoadOptions()) == value


@pytest.mark.parametrize(("kind", "raw", "problem", "accepted"), REFUSED)
def test_refused(kind: DataType, raw: object, problem: str | None, accepted: str | None) -> None:
    with pytest.raises(InvalidValue) as caught:
        kind.load(raw, LoadOptions())
    assert (problem or "") in caught.value.problem
    assert accepted is None or caught.value.accepted == accepted


ROUND_TRIPS = [
    (GPBoolean(), st.booleans()),
    (GPLong(), st.integers(-LONG_LIMIT, LONG_LIMIT)),
    (GPDouble(), st.floats(allow_nan=False, allow_infinity=False)),
    (GPString(), st.text()),
    (
        GPDate(),
        st.datetimes(timezones=st.just(UTC)).map(
            lambda d: d.replace(microsecond=d.microsecond // 1000 * 1000)
        ),
    ),
    (
        GPLinearUnit(),
        st.builds(LinearUnit, st.floats(-1e9, 1e9), st.sampled_from(["esriMeters", "esriIntMiles"])),
    ),
    (GPMultiValue(GPString()), st.lists(st.text())),
    (GPMultiValue(GPLong()), st.lists(st.integers(-9, 9))),
]


@pytest.mark.parametrize(("kind", "values"), ROUND_TRIPS, ids=lambda x: getattr(x, "name", ""))
def test_what_is_dumped_loads_as_it_was(kind: DataType, values: st.SearchStrategy[object]) -> None:
    @given(values)
    def round_trip(value: object) -> None:
        assert kind.load(kind.dump(value, DumpOptions()), LoadOptions()) == value

    round_trip()


@pytest.mark.parametrize(("kind", "_values"), ROUND_TRIPS, ids=lambda x: getattr(x, "name", ""))
@given(
    raw=st.text() | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=8)
)
def test_no_input_raises_anything_else(kind: DataType, _values: object, raw: object) -> None:
    with contextlib.suppress(InvalidValue):
        kind.load(raw, LoadOptions())
