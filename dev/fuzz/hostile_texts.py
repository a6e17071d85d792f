"""Texts that make readers slow: something that repeats, between a beginning and an end that does not fit."""

from __future__ import annotations

from itertools import product

from dev.fuzz.growth import HostileText

UNITS = (
    "1", "-", " ", "a", "5 ", "1.", "1e", "0", "9", "é", "\x00", "\ud800", "\U0001f600", "\u0301", "\t",
    "\n", "\r\n", '"', "'", '\\"', "\\'", '\\', '\\\\', "\\u00e4", "\\ud83d", '"a" ', "'a';", "''",
    "${", "`", "{", "[", "(", "{}", "[]", "()", "}", "]", "{a", "[1,", '{"a":', ",a:", "{ ", "[[",
    '"a":1,', "'a':1,", "{a:1},", ",", ";", "',", '",', ", ", ":", "/", ".", "..", "%", "%25", "%2",
    "&", "&a=1", "=", "+", "?", "#", "@", "a@", "a://", "NaN", "-Infinity ", "1e400,", "null,", "true ",
    "np.", "np.int64(", "M", "esri", "Z", "T00:00", "+00", "yyyy", "a=1 AND ", "NOT ", "UPPER(",
    "STRUCT(", "ARRAY[", "a,", "a.", "||", "%_", "*", "--", "<", "<a>", "&amp;", 'PARAMETER["a",1],',
    "GEOGCS[", 'UNIT["m",1],', "+a=b ", "a=a&", "token=", "aa=", "=?a?q?b", "; a=b", 'a="b";',
)  # fmt: skip
"""What repeats."""

FRAMES = (
    ("", ""), ("", '\\'), ("", "!"), ("5", "Miles"), ("5 Meters", "!"), ('{"distance":', ""),
    ("{'a':'", ""), ('{"', ""), ('{"', '\\'), ("{'", '\\'), ('{"date":"2026","format":"', '"}'),
    ('{"date":"', '","format":"yyyy "}'), ("[", ""), ('["', ""), ('["', '"]'), ("['", "']"),
    ('{"wkt":"', '"}'), ("PROJCS[", ""), ('PROJCS["a",', "]"), ("2026-11-21", ""),
    ('{"url":"https://', '"}'), ("https://example.org/", ""), ("https://", ""),
    ('{"dataType":"GPLong","value":', ""), ('{"features":[', "]}"),
    ('{"features":[{"attributes":{', "}}]}"), ("a = '", ""), ("a IN (", "1)"), ("a LIKE '", "'"),
    ("POINT (", ")"),
)  # fmt: skip
"""What stands in front of it, and behind it."""

HOSTILE_TEXTS = tuple(HostileText(start, unit, end) for (start, end), unit in product(FRAMES, UNITS))
"""Every unit in every frame."""
