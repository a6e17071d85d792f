// The cells that are drawn of a large raster, and the lowest and highest of all of its cells.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BandSample, chooseImage, roundNodata, sizeDrawing } from "../../../layers/gpserverless/browser/source/results/raster_sample.ts";

const square = (side: number) => ({ columns: side, rows: side });

const IMAGES: [string, number[], number][] = [
  ["a small raster is read whole", [3000, 1500], 0],
  ["a large one by the smallest overview with enough cells", [20000, 10000, 5000, 2500, 1250], 3],
  ["a large one without overviews is read whole", [5000], 0],
  ["a large one whose overviews are too small is read whole", [5000, 1000], 0],
];

for (const [name, sides, chosen] of IMAGES) test(name, () => assert.equal(chooseImage(sides.map(square)), chosen));

test("a drawing has at most 2000 pixels across and down", () => {
  assert.deepEqual(sizeDrawing({ columns: 8000, rows: 4000 }), { columns: 2000, rows: 1000 });
  assert.deepEqual(sizeDrawing({ columns: 100_000, rows: 1 }), { columns: 2000, rows: 1 });
  assert.deepEqual(sizeDrawing({ columns: 4, rows: 3 }), { columns: 4, rows: 3 });
});

/** Rows of a raster whose cells count from 0, in pieces of these many rows. */
function sample(side: number, drawn: number, pieces: number[], nodata: number | null = null): BandSample {
  const band = new BandSample(square(side), square(drawn), nodata);
  let top = 0;
  for (const rows of pieces) {
    band.add(top, Array.from({ length: rows * side }, (_, place) => top * side + place));
    top += rows;
  }
  return band;
}

for (const pieces of [[6], [1, 1, 1, 1, 1, 1], [4, 2], [5, 1]]) {
  test(`the middle cell of each pixel is drawn, whatever pieces come: ${pieces}`, () => {
    assert.deepEqual([...sample(6, 2, pieces).values], [7, 10, 25, 28]);
    assert.deepEqual([...sample(6, 6, pieces).values], Array.from({ length: 36 }, (_, place) => place));
  });
}

test("cells that are not drawn count for the lowest and the highest", () => {
  assert.deepEqual(sample(6, 2, [3, 3]).stretch, { min: 0, max: 35 });
});

test("cells without a value are counted, and not drawn", () => {
  const band = sample(6, 2, [6], 7);
  assert.deepEqual([band.empty, ...band.values], [1, NaN, 10, 25, 28]);
});

test("a mask tells cells without a value too", () => {
  const band = new BandSample({ columns: 2, rows: 1 }, { columns: 2, rows: 1 }, null);
  band.add(0, [5, -99], [255, 0]);
  assert.deepEqual([band.empty, band.stretch, ...band.values], [1, { min: 5, max: 5 }, 5, NaN]);
});

test("infinite values are drawn, and no end of the legend", () => {
  const band = new BandSample({ columns: 3, rows: 1 }, { columns: 3, rows: 1 }, null);
  band.add(0, [1, Infinity, 2]);
  assert.deepEqual([band.stretch, band.values[1]], [{ min: 1, max: 2 }, Infinity]);
});

test("the value of cells without one has the precision of cells", () => {
  assert.equal(roundNodata(-3.4028234663852886e38, true), Math.fround(-3.4028234663852886e38));
  assert.equal(roundNodata(0.1, true), Math.fround(0.1));
  assert.equal(roundNodata(0.1, false), 0.1);
});
