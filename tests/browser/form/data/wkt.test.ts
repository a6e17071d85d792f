// Well-known text in a column of CSV.
import assert from "node:assert/strict";
import { test } from "node:test";

import { readWkt } from "../../../../layers/gpserverless/browser/source/form/data/wkt.ts";

for (const [wkt, geometry] of [
  ["POINT (1 2)", { type: "Point", coordinates: [1, 2] }],
  ["point z(1 2 3)", { type: "Point", coordinates: [1, 2] }],
  ["MULTIPOINT (1 2, 3 4)", { type: "MultiPoint", coordinates: [[1, 2], [3, 4]] }],
  ["MULTIPOINT ((1 2), (3 4))", { type: "MultiPoint", coordinates: [[1, 2], [3, 4]] }],
  ["LINESTRING (1 2, 3e1 -4)", { type: "LineString", coordinates: [[1, 2], [30, -4]] }],
  ["POLYGON ((0 0, 1 0, 1 1, 0 0))", { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] }],
  ["MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))", { type: "MultiPolygon", coordinates: [[[[0, 0], [1, 0], [1, 1], [0, 0]]]] }],
  ["POLYGON EMPTY", null],
] as const) {
  test(wkt, () => assert.deepEqual(readWkt(wkt)?.geometry, geometry));
}

for (const wkt of ["", "CIRCLE (1 2)", "POINT 1 2", "POINT (1 2", "POINT (a b)", "GEOMETRYCOLLECTION (POINT (1 2))"]) {
  test(`${JSON.stringify(wkt)} is none`, () => assert.equal(readWkt(wkt), undefined));
}
