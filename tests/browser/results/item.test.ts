// The attributes of articles, and links to share.
import assert from "node:assert/strict";
import { test } from "node:test";

import { readExtent } from "../../../layers/gpserverless/browser/source/results/item.ts";
import { dropSecrets } from "../../../layers/gpserverless/browser/source/results/share.ts";
import { rankShapes } from "../../../layers/gpserverless/browser/source/results/shapes.ts";

const EXTENTS: [string, unknown][] = [
  ["5.5,47,15,55", [5.5, 47, 15, 55]],
  ["15,47,5,55", undefined],
  ["5,47,15", undefined],
  ["5,47,15,55,0", undefined],
  ["a,b,c,d", undefined],
  ["5,47,15,NaN", undefined],
  ["5,-91,15,55", undefined],
];

for (const [text, extent] of EXTENTS) test(`the extent ${text}`, () => assert.deepEqual(readExtent(text), extent));

test("a link to share has no token in it", () => {
  assert.equal(dropSecrets("https://a.example/jobs/j1?f=html&token=secret#x"), "https://a.example/jobs/j1?f=html");
});

test("points are above lines, lines above surfaces", () => {
  const shapes = (["Point", "MultiPolygon", "LineString"] as const).map((type) => [null, { type, coordinates: [] }] as never);
  assert.deepEqual([...shapes.map((each) => rankShapes(each)), rankShapes([null])], [2, 0, 1, 0]);
});
