// The rows of a picture go where Web Mercator has their latitudes.
import assert from "node:assert/strict";
import { test } from "node:test";

import { latitudeOf, mercator } from "../../layers/gpserverless/browser/source/map/image.ts";

const RADIUS = 6378137; // of EPSG:3857, whose ordinates these are

const CASES: [number, number][] = [
  [0, 0],
  [50, 6446275.841017161], // PROJ: EPSG:4326 to EPSG:3857
  [-33.5, -3961860.2174457465],
];

for (const [latitude, ordinate] of CASES) {
  test(`latitude ${latitude}`, () => {
    assert.ok(Math.abs(mercator(latitude) * RADIUS - ordinate) < 1e-6);
    assert.ok(Math.abs(latitudeOf(mercator(latitude)) - latitude) < 1e-9);
  });
}

test("the poles are not on the map", () => {
  assert.equal(mercator(90), mercator(85.0511));
  assert.equal(mercator(-90), mercator(-85.0511));
});
