// The features at a place of a map: what is asked, and what of the answer is shown.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { askAt, identify } from "../../../layers/gpserverless/browser/source/service/identify.ts";

const VIEW = { bounds: [6, 49, 8, 51] as const, width: 800.4, height: 600 };
const { fetch } = globalThis;

afterEach(() => {
  globalThis.fetch = fetch;
});

function answer(document: unknown): void {
  globalThis.fetch = () => Promise.resolve(new Response(JSON.stringify(document)));
}

test("a place is asked for in degrees, with what the map shows", () => {
  const fields = askAt([7, 50], VIEW);
  assert.equal(fields.get("geometry"), "7,50");
  assert.equal(fields.get("sr"), "4326");
  assert.equal(fields.get("mapExtent"), "6,49,8,51");
  assert.equal(fields.get("imageDisplay"), "800,600,96");
});

test("the topmost feature is shown with its shape", async () => {
  const geometry = { x: 7, y: 50, spatialReference: { wkid: 4326 } };
  answer({ results: [{ layerName: "Wells", attributes: { NAME: "A" }, geometry }, { layerName: "Plots", attributes: {} }] });
  const found = await identify("https://gp.example.org/map", [7, 50], VIEW);
  assert.equal(found?.title, "Wells");
  assert.deepEqual(found?.data.rows, [{ NAME: "A" }]);
  assert.deepEqual(found?.data.shapes, [{ type: "Point", coordinates: [7, 50] }]);
});

test("where nothing is, nothing is shown", async () => {
  answer({ results: [] });
  assert.equal(await identify("https://gp.example.org/map", [7, 50], VIEW), undefined);
});

test("an error of the server is none of the features", async () => {
  answer({ error: { code: 400, message: "Job expired." } });
  await assert.rejects(identify("https://gp.example.org/map", [7, 50], VIEW), TypeError);
});
