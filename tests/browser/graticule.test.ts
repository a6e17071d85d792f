// Meridians and parallels are straight lines on the map.
import assert from "node:assert/strict";
import { test } from "node:test";

import { makeGraticule } from "../../layers/gpserverless/browser/source/map/graticule.ts";

test("every 30 degrees there are 13 meridians and 5 parallels", () => {
  const lines = makeGraticule(30).geometry.coordinates;
  const meridians = lines.filter(([from, to]) => from![0] === to![0]);
  const parallels = lines.filter(([from, to]) => from![1] === to![1]);
  assert.deepEqual(meridians.map(([from]) => from![0]), [-180, -150, -120, -90, -60, -30, 0, 30, 60, 90, 120, 150, 180]);
  assert.deepEqual(parallels.map(([from]) => from![1]), [-60, -30, 0, 30, 60]);
});
