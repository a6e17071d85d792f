// The world under the maps has land and water where they are.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { makeWorld } from "../../layers/gpserverless/browser/build/world.mjs";

const { feature } = createRequire(import.meta.resolve("../../layers/gpserverless/browser/build/world.mjs"))("topojson-client");

const PLACES: [string, number, number, boolean][] = [
  ["Paris", 2.35, 48.86, true],
  ["Maseru, in a country within a country", 27.48, -29.31, true],
  ["the Caspian Sea, a hole in the land", 51, 42, false],
  ["the Gulf of Biscay", -5, 46, false],
  ["Chukotka, behind the 180th meridian", -175, 66.5, true],
  ["Kamchatka, before it", 160, 56, true],
  ["the Pacific, on it", 179.9, 0, false],
  ["the South Pole, nearly", 0, -89, true],
];

for (const scale of ["110m", "50m"] as const) {
  const world = JSON.parse(await makeWorld(scale));
  const land: GeoJSON.MultiPolygon = feature(world, world.objects.land).geometry;
  for (const [name, x, y, isLand] of PLACES) {
    test(`${name}, at ${scale}`, () => assert.equal(land.coordinates.some((polygon) => holds(polygon, x, y)), isLand));
  }

  test(`no line crosses the map from side to side, at ${scale}`, () => {
    for (const part of ["coast", "border"]) {
      const lines: GeoJSON.MultiLineString = feature(world, world.objects[part]).geometry;
      const steps = lines.coordinates.flatMap((line) => line.slice(1).map(([x], i) => Math.abs(x! - line[i]![0]!)));
      assert.ok(Math.max(...steps) < 30, part);
    }
  });
}

/** Whether a polygon has a place inside: a line to the east crosses its rings an odd number of times. */
function holds(polygon: GeoJSON.Position[][], x: number, y: number): boolean {
  let inside = false;
  for (const ring of polygon) {
    for (const [i, [x1, y1]] of ring.slice(1).entries()) {
      const [x0, y0] = ring[i]!;
      if (y0! > y !== y1! > y && x < x0! + ((y - y0!) / (y1! - y0!)) * (x1! - x0!)) inside = !inside;
    }
  }
  return inside;
}
