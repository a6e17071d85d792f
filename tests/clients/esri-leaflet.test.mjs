// esri-leaflet in headless Chromium: a hosted layer as features, and a job's map as pictures, over a base.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";

import { openPage } from "./browser.mjs";
import { ANSWERS, CONDITION, LAYER, MAP, readExamples } from "./parcels.mjs";

const BASE = [250, 230, 180];
const { centre, ids, inside, outside } = ANSWERS.view;
const NEAR = 16; // level: 1.5 m a pixel
const WHOLE = [[50.695, 9.225], 10]; // all parcels, with some land about them

let opened;
before(async () => {
  opened = await openPage(readFileSync(new URL("layers.html", import.meta.url)));
  await opened.page.setViewportSize({ width: 512, height: 512 });
});
after(() => opened.close());

const show = (kind, options, place, level) => opened.page.evaluate((given) => show(...given), [kind, options, place, level]);

/** The colours of the map at places. */
async function readColors(places) {
  const picture = (await opened.page.screenshot()).toString("base64");
  return opened.page.evaluate(async ([picture, places]) => {
    const bytes = Uint8Array.from(atob(picture), (each) => each.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return places.map((place) => {
      const { x, y } = map.latLngToContainerPoint(place);
      return [...context.getImageData(Math.round(x), Math.round(y), 1, 1).data.slice(0, 3)];
    });
  }, [picture, places]);
}

const isBase = (color) => color.every((part, i) => Math.abs(part - BASE[i]) <= 2);

async function assertDrawn(drawn, empty) {
  const hits = (await readColors(drawn)).filter((color) => !isBase(color)).length;
  assert.equal(hits, drawn.length, `${hits} of ${drawn.length} places in parcels are drawn`);
  const misses = (await readColors(empty)).filter((color) => isBase(color)).length;
  assert.equal(misses, empty.length, `${misses} of ${empty.length} places between parcels show the base`);
}

test("there are places to look at", () => {
  assert.ok(inside.length > 50 && outside.length > 50 && ids.length > 40);
});

describe("a hosted layer as features", () => {
  test("is drawn where the parcels are", async () => {
    assert.deepEqual(await show("features", { url: LAYER }, centre, NEAR), []);
    await assertDrawn(inside, outside);
  });

  test("has every feature in view, with its attributes", async () => {
    const active = await opened.page.evaluate(() => {
      const found = [];
      shown.eachActiveFeature(({ feature }) => found.push([feature.id, feature.properties.OBJECTID]));
      return found;
    });
    const known = new Set(active.map(([id]) => id));
    assert.deepEqual(ids.filter((id) => !known.has(id)), []);
    assert.ok(active.every(([id, attribute]) => id === attribute));
  });

  test("loses none in a full view, though a cell has more than a page", async () => {
    assert.deepEqual(await show("features", { url: LAYER, fetchAllFeatures: true, where: "KIND = 'a'", fields: ["OBJECTID"] }, ...WHOLE), []);
    const count = await opened.page.evaluate(() => {
      const found = new Set();
      shown.eachFeature(({ feature }) => found.add(feature.id));
      return found.size;
    });
    assert.ok(count > 19_990 && count <= ANSWERS.kinds.a.COUNT, `${count}`); // parcels without a shape are not on a map
  });

  test("is drawn by a condition", async () => {
    assert.deepEqual(await show("features", { url: LAYER, where: "OBJECTID < 0" }, centre, NEAR), []);
    await assertDrawn([], [...inside, ...outside]);
  });

  test("answers queries", async () => {
    const asked = await opened.page.evaluate(async ([url, where]) => {
      const query = () => L.esri.query({ url }).where(where);
      return { ids: await askIds(query()), count: await askCount(query()), found: (await ask(query().limit(5))).features.length };
    }, [LAYER, CONDITION]);
    assert.deepEqual(asked, { ids: ANSWERS.where, count: ANSWERS.where.length, found: 5 });
  });

  test("tells a bad condition", async () => {
    const told = await opened.page.evaluate((url) => askIds(L.esri.query({ url }).where("NOTHING = 1")).catch((error) => error), LAYER);
    assert.equal(told.code, 400);
  });
});

for (const f of ["json", "image"]) {
  describe(`a job's map as pictures, f=${f}`, () => {
    test("is drawn where the parcels are", async () => {
      assert.deepEqual(await show("pictures", { url: MAP, f, opacity: 1 }, centre, NEAR), []);
      await assertDrawn(inside, outside);
    });

    test("draws a hundred thousand parcels, and nothing beside them", async () => {
      assert.deepEqual(await show("pictures", { url: MAP, f }, ...WHOLE), []);
      const line = (from, to) => Array.from({ length: 100 }, (_, i) => from.map((part, k) => part + (i / 100) * (to[k] - part)));
      const seen = await readColors(line([50.56, 9.02], [50.82, 9.42]));
      const hits = seen.filter((color) => !isBase(color)).length;
      assert.ok(hits >= 97, `${hits} of 100`);
      assert.ok((await readColors([...line([50.5, 8.95], [50.9, 8.95]), ...line([50.5, 9.51], [50.9, 9.51])])).every(isBase));
    });

    test("leaves out what a condition leaves out", async () => {
      const [{ id }] = (await (await fetch(`${MAP}?f=json`)).json()).layers;
      assert.deepEqual(await show("pictures", { url: MAP, f, layers: [id], layerDefs: { [id]: "OBJECTID < 0" } }, centre, NEAR), []);
      await assertDrawn([], [...inside, ...outside]);
    });
  });
}

test("identify tells the parcel at a place", async () => {
  const found = await opened.page.evaluate(async ([url, place]) => {
    map.setView(place, 16);
    return (await ask(L.esri.identifyFeatures({ url }).on(map).at(place).tolerance(0))).features.map(({ id, properties }) => [id, properties]);
  }, [MAP, inside[0]]);
  assert.equal(found.length, 1);
  assert.ok(ids.includes(Number(found[0][1].OBJECTID)), JSON.stringify(found));
});

test("the example in the documents runs", async () => {
  const [code] = readExamples("html");
  const shown = await openPage(`<!doctype html><title></title><link rel="icon" href="data:,">${code}`);
  try {
    await shown.page.waitForFunction(() => document.title === "loaded", undefined, { timeout: 60_000 });
    assert.ok((await shown.page.evaluate("Object.keys(parcels._layers).length")) > 100);
  } finally {
    await shown.close();
  }
});

test("the browser has nothing to complain of", () => {
  assert.deepEqual(opened.problems, []);
});
