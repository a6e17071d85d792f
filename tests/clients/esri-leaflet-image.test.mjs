// esri-leaflet in headless Chromium: the raster of a job as an image layer, over a base.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";

import { openPage } from "./browser.mjs";

const HILLS = process.env.HILLS;
const { places, beside, centre, range } = JSON.parse(readFileSync(`${process.env.HILLS_FOLDER}/hills.json`));
const BASE = [250, 230, 180];
const WHOLE = 10; // level: 97 m a pixel, with some land about the raster
const WITHIN = 12; // a level at which nothing else is seen
const NEAR = 8; // grey levels: a pixel lies between cells, and a JPEG is no exact picture

let opened;
before(async () => {
  opened = await openPage(readFileSync(new URL("layers.html", import.meta.url)));
  await opened.page.setViewportSize({ width: 512, height: 512 });
});
after(() => opened.close());

const show = (options, place, level) => opened.page.evaluate((given) => show("image", ...given), [options, place, level]);

/** The colours of the map at those places that it shows; null for others. */
async function readColors(wanted) {
  const picture = (await opened.page.screenshot()).toString("base64");
  return opened.page.evaluate(async ([picture, wanted]) => {
    const bytes = Uint8Array.from(atob(picture), (each) => each.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return wanted.map((place) => {
      const { x, y } = map.latLngToContainerPoint(place);
      const [column, row] = [Math.round(x), Math.round(y)];
      if (column < 2 || row < 2 || column > bitmap.width - 3 || row > bitmap.height - 3) return null;
      return [...context.getImageData(column, row, 1, 1).data.slice(0, 3)];
    });
  }, [picture, wanted]);
}

async function assertDrawn(least) {
  const colors = await readColors(places.map(({ place }) => place));
  const seen = colors.flatMap((color, i) => (color ? [[color, places[i].grey]] : []));
  assert.ok(seen.length >= least, `${seen.length} places are seen`);
  const right = seen.filter(([color, grey]) => color.every((part) => Math.abs(part - grey) <= NEAR));
  assert.ok(right.length >= 0.97 * seen.length, `${right.length} of ${seen.length} places have the grey of their value`);
}

test("there are places to look at, dark and bright", () => {
  assert.ok(places.length > 100 && beside.length > 10);
  assert.ok(Math.min(...places.map(({ grey }) => grey)) < 60 && Math.max(...places.map(({ grey }) => grey)) > 200);
});

for (const f of ["json", "image"]) {
  describe(`an image, f=${f}`, () => {
    test("is drawn where its cells are, and open beside them", async () => {
      assert.deepEqual(await show({ url: HILLS, f, opacity: 1 }, centre, WHOLE), []);
      await assertDrawn(100);
      const colors = (await readColors(beside)).filter(Boolean);
      assert.ok(colors.length > 5);
      assert.ok(colors.every((color) => color.every((part, i) => Math.abs(part - BASE[i]) <= 2)), JSON.stringify(colors));
    });

    test("is drawn near, where it fills the picture", async () => {
      assert.deepEqual(await show({ url: HILLS, f, opacity: 1 }, centre, WITHIN), []);
      await assertDrawn(8);
    });

    test("is drawn with options that clients set", async () => {
      const options = { url: HILLS, f, opacity: 1, format: "png32", compressionQuality: 90, interpolation: "RSP_NearestNeighbor", pixelType: "UNKNOWN" };
      assert.deepEqual(await show(options, centre, WHOLE), []);
      await assertDrawn(100);
    });
  });
}

test("a wrong option is told as an error", async () => {
  const told = await opened.page.evaluate(async ([url, place]) => {
    const layer = L.esri.imageMapLayer({ url, f: "json", renderingRule: { rasterFunction: "Hillshade" } });
    map.setView(place, 10);
    const error = new Promise((resolve) => layer.once("requesterror", resolve));
    layer.addTo(map);
    const { code, message } = await error;
    layer.remove();
    return { code, message };
  }, [HILLS, centre]);
  assert.equal(told.code, 400);
});

test("identify tells the value at a place", async () => {
  const { place, value } = places[Math.floor(places.length / 2)];
  const told = await opened.page.evaluate(
    ([url, place]) => new Promise((resolve, reject) => {
      L.esri.identifyImage({ url }).at(L.latLng(place)).run((error, found) => (error ? reject(error) : resolve(found.pixel.properties.value)));
    }),
    [HILLS, place],
  );
  assert.ok(Math.abs(Number(told) - value) < 0.02 * (range[1] - range[0]), `${told} is not ${value}`);
});
