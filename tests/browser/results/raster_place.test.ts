// The place of a raster: the bounds are those that GDAL 3 (rasterio.open(...).bounds) tells of files with these tags.
import assert from "node:assert/strict";
import { test } from "node:test";

import { findPlace, type PlaceTags } from "../../../layers/gpserverless/browser/source/results/raster_place.ts";

const DEGREES = { GTModelTypeGeoKey: 2, GTRasterTypeGeoKey: 1, GeographicTypeGeoKey: 4326 };
const MERCATOR = { GTModelTypeGeoKey: 1, GTRasterTypeGeoKey: 1, ProjectedCSTypeGeoKey: 3857 };
const UTM = { ...MERCATOR, ProjectedCSTypeGeoKey: 32633 };
const RASTER: PlaceTags = { columns: 400, rows: 300, tiePoint: [0, 0, 0, 5, 55, 0], scale: [0.02, 0.02, 0], keys: DEGREES };
const HALF = { ...DEGREES, GTRasterTypeGeoKey: 2 };

const PLACES: [string, Partial<PlaceTags>, readonly number[], boolean][] = [
  ["degrees", {}, [5, 49, 13, 55], false],
  ["a tie point that is the centre of a cell", { tiePoint: [0, 0, 0, 5.01, 54.99, 0], keys: HALF }, [5, 49, 13, 55], false],
  ["a tie point of another cell", { tiePoint: [100, 50, 0, 7, 54, 0] }, [5, 49, 13, 55], false],
  ["a matrix", { tiePoint: [], matrix: [0.02, 0, 0, 5, 0, -0.02, 0, 55, 0, 0, 0, 0, 0, 0, 0, 1] }, [5, 49, 13, 55], false],
  // PROJ: EPSG:3857 to EPSG:4326 of (600000, 6100000) and (1800000, 7000000)
  ["Web Mercator", { tiePoint: [0, 0, 0, 600000, 7000000, 0], scale: [3000, 3000, 0], keys: MERCATOR },
    [5.389891704717128, 47.958779800526046, 16.169675114151386, 53.09181876959619], true],
];

for (const [name, tags, expected, isMercator] of PLACES) {
  test(`the place by ${name}`, () => {
    const place = findPlace({ ...RASTER, ...tags });
    place.bounds!.forEach((each, i) => assert.ok(Math.abs(each - expected[i]!) < 1e-9, `${place.bounds} is not ${expected}`));
    assert.equal(place.isMercator, isMercator);
  });
}

const NO_PLACES: [string, Partial<PlaceTags>, unknown][] = [
  ["another spatial reference", { keys: UTM }, { reason: "system", system: "32633" }],
  ["a system without a code", { keys: { ...UTM, ProjectedCSTypeGeoKey: 32767, GTCitationGeoKey: "Own" } }, { reason: "system", system: "Own" }],
  ["no spatial reference", { keys: {} }, { reason: "no place" }],
  ["a reference of heights alone", { keys: { GTModelTypeGeoKey: 3 } }, { reason: "no place" }],
  ["control points", { tiePoint: [0, 0, 0, 5, 55, 0, 9, 9, 0, 6, 54, 0] }, { reason: "no place" }],
  ["turned rows", { matrix: [0.02, 0.005, 0, 5, 0.005, -0.02, 0, 55, 0, 0, 0, 0, 0, 0, 0, 1] }, { reason: "turned" }],
  ["rows that go up", { scale: [0.02, -0.02, 0] }, { reason: "turned" }],
  ["degrees from 0 to 360", { tiePoint: [0, 0, 0, 0, 55, 0], scale: [0.9, 0.02, 0] }, { reason: "outside" }],
];

for (const [name, tags, place] of NO_PLACES) test(`no place on the map: ${name}`, () => assert.deepEqual(findPlace({ ...RASTER, ...tags }), place));
