// The rectangle around features is what the map shows.
import assert from "node:assert/strict";
import { test } from "node:test";

import { findBounds } from "../../layers/gpserverless/browser/source/map/bounds.ts";

const POINT: GeoJSON.Point = { type: "Point", coordinates: [5, 50, 100] };
const HOLED: GeoJSON.MultiPolygon = {
  type: "MultiPolygon",
  coordinates: [[[[0, 0], [10, 0], [10, 10], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]], [[[-20, 5], [-19, 5], [-19, 6], [-20, 5]]]],
};

const CASES: [string, (GeoJSON.Geometry | null)[], readonly number[] | undefined][] = [
  ["a point", [POINT], [5, 50, 5, 50]],
  ["parts and holes", [HOLED], [-20, 0, 10, 10]],
  ["several", [POINT, HOLED], [-20, 0, 10, 50]],
  ["a collection of geometries", [{ type: "GeometryCollection", geometries: [POINT, { type: "LineString", coordinates: [[7, 1], [6, 2]] }] }], [5, 1, 7, 50]],
  ["features without a geometry", [null, POINT], [5, 50, 5, 50]],
  ["nothing", [null], undefined],
  ["an empty geometry", [{ type: "MultiPoint", coordinates: [] }], undefined],
];

for (const [story, geometries, expected] of CASES) {
  test(`of ${story}`, () => assert.deepEqual(findBounds(geometries), expected));
}
