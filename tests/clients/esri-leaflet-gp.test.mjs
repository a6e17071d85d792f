// esri-leaflet-gp in headless Chromium, on a page of another origin: CORS, JSONP, GeoJSON in and out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { openPage } from "./browser.mjs";
import { ASYNC, SECURED, SECURED_JOBS, SERVICES, SYNC, VALUES, assertHolds, generateToken, upload } from "./site.mjs";

let opened;
before(async () => {
  opened = await openPage(readFileSync(new URL("page.html", import.meta.url)));
});
after(() => opened.close());

/** Run a task in the page; `params` travel there as JSON. The plugin does not call back on every failure. */
async function run(options, params, output) {
  const ran = opened.page.evaluate(([o, p, name]) => run(o, p, name), [options, params, output]);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("the plugin did not call back")), 60_000);
  });
  return Promise.race([ran, late]).finally(() => clearTimeout(timer));
}

const BONN = { type: "Feature", properties: { NAME: "Bonn" }, geometry: { type: "Point", coordinates: [7.1, 50.7] } };
const LINE = { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [[7, 50], [8, 51]] } };
const RING = [[7, 50], [8, 50], [8, 51], [7, 50]];
const AREA = { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [RING] } };

// The plugin makes features of objects without `units`: what is neither travels as JSON text, as its users do.
const written = (value) => (typeof value === "object" && !value.units ? JSON.stringify(value) : value);
const inputs = () =>
  Object.fromEntries(Object.entries(VALUES).map(([type, { sent }]) => [`In_${type}`, written(sent)]));

function assertEchoed(found) {
  const { GPFeatureRecordSetLayer: _, ...plain } = VALUES;
  for (const [type, { back }] of Object.entries(plain)) assertHolds(found[`Out_${type}`], back, `Out_${type}`);
  const [feature] = found.Out_GPFeatureRecordSetLayer.features;
  assert.deepEqual(feature.geometry, { type: "Point", coordinates: [7.1, 50.7] });
  assert.equal(feature.properties.NAME, "Bonn");
}

for (const useCors of [true, false]) {
  test(`execute is found out and returns every data type, ${useCors ? "with CORS" : "by JSONP"}`, async () => {
    const { error, found, path } = await run({ url: `${SYNC}/Echo`, useCors }, inputs());
    assert.equal(error, undefined);
    assert.equal(path, "execute");
    assertEchoed(found);
  });
}

test("GeoJSON features come back as GeoJSON", async () => {
  for (const feature of [BONN, LINE, AREA]) {
    const sent = { type: "FeatureCollection", features: [feature] };
    const { found } = await run({ url: `${SYNC}/Echo`, useCors: true }, { In_GPFeatureRecordSetLayer: sent });
    const [back] = found.Out_GPFeatureRecordSetLayer.features;
    assert.equal(back.geometry.type, feature.geometry.type);
    assert.deepEqual(back.geometry.coordinates.flat(3).map(Number).sort(), feature.geometry.coordinates.flat(3).sort());
  }
});

test("points of the map become zones that the map can draw", async () => {
  const distance = { distance: 10, units: "esriKilometers" };
  const { found } = await run({ url: `${SERVICES}/Samples/GPServer/BufferPoints`, useCors: true }, {
    points: { type: "FeatureCollection", features: [BONN] },
    distance,
  });
  const drawn = await opened.page.evaluate((zones) => {
    const bounds = L.geoJSON(zones).getBounds();
    return { inside: bounds.contains([50.7, 7.1]), north: bounds.getNorth() };
  }, found.output);
  assert.ok(drawn.inside);
  assert.ok(Math.abs(drawn.north - 50.79) < 0.01, `${drawn.north}`);
});

test("a long request is posted", async () => {
  const text = "x".repeat(5_000);
  const { found } = await run({ url: `${SYNC}/Echo`, useCors: true }, { In_GPString: text });
  assert.equal(found.Out_GPString, text);
});

test("a job is submitted, polled, and its result read", async () => {
  const options = { url: `${ASYNC}/Echo`, useCors: true, asyncInterval: 0.1 };
  const sent = { type: "FeatureCollection", features: [BONN] };
  const name = "Out_GPFeatureRecordSetLayer";
  const { error, found, path } = await run(options, { In_GPFeatureRecordSetLayer: sent }, name);
  assert.equal(error, undefined);
  assert.equal(path, "submitJob");
  assert.deepEqual(found[name].features[0].geometry.coordinates, [7.1, 50.7]);
  assert.match(found.jobId, /^j[0-9a-f]{32}$/);
});

test("every data type is read from a job", async () => {
  const options = { url: `${ASYNC}/Echo`, useCors: true, asyncInterval: 0.1 };
  const { found } = await run(options, inputs(), "Out_GPLong");
  const names = Object.keys(VALUES).map((type) => `Out_${type}`);
  const read = await opened.page.evaluate(([o, id, n]) => results(o, id, n), [options, found.jobId, names]);
  assertEchoed(Object.fromEntries(names.map((name, i) => [name, read[i]])));
});

test("a task that fails calls back with the error", async () => {
  const { error } = await run({ url: `${SYNC}/Fail`, useCors: true }, { Kind: "tool error" });
  assertHolds(error, { code: 400, message: "Unable to complete operation." }, "error");
});

test("a job that fails calls back", async () => {
  const options = { url: `${ASYNC}/Fail`, useCors: true, asyncInterval: 0.1 };
  const { error } = await run(options, { Kind: "tool error" }, "output");
  assert.equal(error, "Job Failed");
});

test("a job with a bad value calls back", async () => {
  const options = { url: `${ASYNC}/Echo`, useCors: true, asyncInterval: 0.1 };
  const { error } = await run(options, { In_GPLong: "x" }, "Out_GPLong");
  assert.equal(error, "Job Failed");
});

test("a result too large for a function is followed to where it lies", async () => {
  const options = { url: `${ASYNC}/Echo`, useCors: true, asyncInterval: 0.2 };
  const texts = Array(5).fill("x".repeat(900_000));
  const name = "Out_GPMultiValue_GPString";
  const { found } = await run(options, { In_GPMultiValue_GPString: JSON.stringify(texts) }, name);
  assert.deepEqual(found[name], texts);
});

for (const useCors of [true, false]) {
  test(`a secured task runs with a token, ${useCors ? "with CORS" : "by JSONP"}`, async () => {
    const token = await generateToken();
    const params = { In_File: JSON.stringify(await upload(SECURED, token, "hello")) };
    const { error, found } = await run({ url: `${SECURED}/CopyFile`, useCors, token }, params);
    assert.equal(error, undefined);
    assert.ok(found.Out_File.url.startsWith(SERVICES.replace("services", "directories")));
  });
}

test("a secured job runs with a token", async () => {
  const token = await generateToken();
  const params = { In_File: JSON.stringify(await upload(SECURED_JOBS, token, "hello")) };
  const options = { url: `${SECURED_JOBS}/CopyFile`, useCors: true, asyncInterval: 0.1, token };
  const { error, found } = await run(options, params, "Out_File");
  assert.equal(error, undefined);
  assert.match(found.jobId, /^j[0-9a-f]{32}$/);
});

test("a secured task without a token calls back with the error", async () => {
  const options = { url: `${SECURED}/CopyFile`, useCors: true, async: false, path: "execute" };
  const { error } = await run(options, { In_File: "x" });
  assertHolds(error, { code: 499, message: "Token required." }, "error");
});

test("the browser has nothing to complain of", () => {
  assert.deepEqual(opened.problems, []);
});
