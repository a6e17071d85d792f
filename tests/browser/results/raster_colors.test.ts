// The colours of cells: viridis for one band, three bands as they are, nothing where there is no value.
import assert from "node:assert/strict";
import { test } from "node:test";

import { paintBands, paintColors, paintRamp, rampAt, shareOf, stretchBands } from "../../../layers/gpserverless/browser/source/results/raster_colors.ts";

// viridis of Matplotlib 3: plt.get_cmap("viridis")(share, bytes=True), between the colours that the code has
const VIRIDIS: [number, [number, number, number]][] = [
  [0, [68, 1, 84]],
  [0.0627451, [71, 22, 105]],
  [0.3019608, [53, 94, 141]],
  [0.6, [34, 168, 132]],
  [0.7, [68, 191, 112]],
  [0.9019608, [189, 223, 38]],
  [1, [253, 231, 37]],
];

for (const [share, color] of VIRIDIS) {
  test(`the share ${share} has the colour of viridis`, () => {
    rampAt(share).forEach((part, place) => assert.ok(Math.abs(part - color[place]!) <= 12, `${rampAt(share)} is not ${color}`));
  });
}

const SHARES: [string, number, { min: number; max: number }, number][] = [
  ["a value in the middle", 15, { min: 10, max: 20 }, 0.5],
  ["a value below", 5, { min: 10, max: 20 }, 0],
  ["infinity", Infinity, { min: 10, max: 20 }, 1],
  ["one value alone", 7, { min: 7, max: 7 }, 0.5],
  ["the largest numbers", 0, { min: -Number.MAX_VALUE, max: Number.MAX_VALUE }, 0.5],
];

for (const [name, value, stretch, share] of SHARES) test(`the share of ${name}`, () => assert.equal(shareOf(value, stretch), share));

test("a cell without a value is transparent", () => {
  assert.deepEqual([...paintRamp(Float64Array.of(1, NaN, 2), { min: 1, max: 2 })], [68, 1, 84, 255, 0, 0, 0, 0, 253, 231, 37, 255]);
});

test("three bands of bytes are red, green and blue as they are", () => {
  const bands = [Float64Array.of(200, 1), Float64Array.of(100, NaN), Float64Array.of(0, 1)];
  assert.deepEqual([...paintBands(bands, stretchBands(8, []))], [200, 100, 0, 255, 0, 0, 0, 0]);
});

test("three bands of more bits are spread between the lowest and the highest of all", () => {
  assert.deepEqual(stretchBands(16, [{ min: 5, max: 70 }, { min: 3, max: 60 }, { min: 4, max: 90 }]), { min: 3, max: 90 });
});

test("the values of a palette are places of colours", () => {
  assert.deepEqual([...paintColors(Float64Array.of(1, 9), [[0, 0, 0], [1, 2, 3]])], [1, 2, 3, 255, 0, 0, 0, 0]);
});
