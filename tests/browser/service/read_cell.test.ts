// The values of a raster at a place: what is asked, and what is shown.
import "../page_stub.ts";

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { readCell, showCell } from "../../../layers/gpserverless/browser/source/service/read_cell.ts";

const { fetch } = globalThis;

afterEach(() => {
  globalThis.fetch = fetch;
});

test("one band has a value, several have one each, and none is no number", () => {
  assert.deepEqual(showCell("12.5", [7, 50]).data.rows, [{ Value: 12.5 }]);
  assert.deepEqual(showCell("1, NoData, 3", [7, 50]).data.rows, [{ "Band 1": 1, "Band 2": null, "Band 3": 3 }]);
  assert.deepEqual(showCell("NoData", [7, 50]).data.rows, [{ Value: null }]);
});

test("a place is asked for in degrees", async () => {
  let asked = "";
  globalThis.fetch = (url) => {
    asked = String(url);
    return Promise.resolve(new Response(JSON.stringify({ value: "3" })));
  };
  const cell = await readCell("https://gp.example.org/image", [7, 50]);
  const fields = new URL(asked).searchParams;
  assert.deepEqual([fields.get("geometry"), fields.get("sr"), fields.get("f")], ["7,50", "4326", "json"]);
  assert.deepEqual(cell.data.shapes, [{ type: "Point", coordinates: [7, 50] }]);
});

test("an answer without a value is an error", async () => {
  globalThis.fetch = () => Promise.resolve(new Response(JSON.stringify({ error: { code: 400 } })));
  await assert.rejects(readCell("https://gp.example.org/image", [7, 50]), TypeError);
});
