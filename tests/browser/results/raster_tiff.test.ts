// A GeoTIFF that GDAL wrote, as pixels: 4 by 4 cells from 1 to 15, of which the last has no value.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { rampAt } from "../../../layers/gpserverless/browser/source/results/raster_colors.ts";
import { drawTiff, NotDrawn } from "../../../layers/gpserverless/browser/source/results/raster_tiff.ts";

const COMPRESSION = 259; // the tag

const file = await readFile(new URL("../../tools/cases/rasters/grid4.tif", import.meta.url));
const copy = () => new Uint8Array(file).buffer;

test("its cells are on the ramp, and the last is transparent", async () => {
  const { pixels, size, stretch, empty, isWhole, look, bands } = await drawTiff(copy());
  assert.deepEqual({ size, stretch, empty, isWhole, look, bands }, {
    size: { columns: 4, rows: 4 }, stretch: { min: 1, max: 15 }, empty: 1, isWhole: true, look: "ramp", bands: 1,
  });
  assert.deepEqual([...pixels.slice(0, 4)], [...rampAt(0), 255]);
  assert.deepEqual([...pixels.slice(56, 64)], [...rampAt(1), 255, 0, 0, 0, 0]);
});

test("its reference is told, which the map does not show", async () => {
  assert.deepEqual((await drawTiff(copy())).place, { reason: "system", system: "32633" });
});

test("a compression that pages cannot read is named before any cell is read", async () => {
  const bytes = copy();
  const view = new DataView(bytes);
  const directory = view.getUint32(4, true);
  for (let entry = directory + 2; ; entry += 12) {
    if (view.getUint16(entry, true) !== COMPRESSION) continue;
    view.setUint16(entry + 8, 50000, true); // Zstandard
    break;
  }
  await assert.rejects(drawTiff(bytes), (problem) => problem instanceof NotDrawn && problem.reason === "compression");
});

test("a file that was cut off is refused", () => assert.rejects(drawTiff(copy().slice(0, 200))));
