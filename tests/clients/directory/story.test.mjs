// The story of the directory in headless Chromium: find a task, fill in its form, run it, and see the result.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { SERVICES, SITE } from "../site.mjs";
import { keepPicture, launch, open } from "./browser.mjs";

const HOME = `${SITE}/arcgis/rest/services`;
const SQUARE = JSON.stringify({
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: { name: "square" },
      geometry: { type: "Polygon", coordinates: [[[6, 50], [8, 50], [8, 52], [6, 52], [6, 50]]] },
    },
  ],
});

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

/** Run a story in a tab of its own; the page may have nothing to complain of at its end. */
function story(name, options, tell) {
  test(name, { timeout: 270_000 }, async () => {
    const { page, problems, close } = await open(browser, SITE, options);
    page.setDefaultTimeout(60_000);
    try {
      await tell(page);
      assert.deepEqual(problems, []);
    } catch (error) {
      await keepPicture(page, `failed-${name.replaceAll(/\W+/g, "-")}`);
      throw error;
    } finally {
      await close();
    }
  });
}

/** Count what a person does: clicks, keys, choices. */
function counting(page) {
  const done = { actions: 0 };
  const act = (promise) => {
    done.actions += 1;
    return promise;
  };
  return { act, done };
}

async function mapIsDrawn(page) {
  await page.locator(".maplibregl-canvas").first().waitFor();
  await page.waitForLoadState("networkidle");
}

story("somebody draws three points, sees their zones and keeps them, in at most 12 actions", {}, async (page) => {
  const { act, done } = counting(page);
  await page.goto(HOME);
  await act(page.getByRole("link", { name: "BufferPoints" }).first().click());
  await act(page.getByRole("button", { name: "Draw on the map" }).click());
  await mapIsDrawn(page);
  const canvas = page.locator(".maplibregl-canvas").first();
  const { width, height } = await canvas.boundingBox();
  for (const [x, y] of [[0.4, 0.4], [0.5, 0.5], [0.6, 0.45]]) {
    await act(canvas.click({ position: { x: width * x, y: height * y } }));
  }
  await act(page.getByLabel("Number").fill("300"));
  await act(page.getByLabel("Unit").selectOption({ label: "Kilometers" }));
  await keepPicture(page, "drawn-points");
  await act(page.getByRole("button", { name: "Execute Task (POST)" }).click());
  await mapIsDrawn(page);
  await page.getByRole("row").nth(3).waitFor();
  await keepPicture(page, "zones-on-the-map");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    act(page.getByRole("button", { name: "GeoJSON" }).click()),
  ]);
  const kept = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.equal(kept.type, "FeatureCollection");
  assert.deepEqual(kept.features.map(({ geometry }) => geometry.type), ["Polygon", "Polygon", "Polygon"]);
  assert.ok(done.actions <= 12, `${done.actions} actions`);
});

story("a job is submitted, watched until it ends, and seen on the map", {}, async (page) => {
  await page.goto(`${SERVICES}/Analysis/GPServer/Buffer`);
  await page.locator("[data-field=in_features] textarea").fill(SQUARE);
  await page.locator("[data-field=buffer_distance_or_field] input").first().fill("10 Kilometers");
  await page.getByRole("button", { name: "Submit Job (POST)" }).click();
  await page.waitForURL(/\/jobs\/j[0-9a-f]{32}/);
  await page.locator("[data-job-status]", { hasText: "Succeeded" }).waitFor();
  await mapIsDrawn(page);
  await keepPicture(page, "job-on-the-map");
  const address = page.url();
  await page.goto(HOME);
  const recent = page.locator("[data-recent-jobs]");
  await page.getByText("Recent jobs").first().click();
  await recent.getByRole("link", { name: /Buffer/ }).first().waitFor();
  await page.goto(address);
  await page.locator("[data-job-status]", { hasText: "Succeeded" }).waitFor();
});

story("a running job shows its progress and can be cancelled", {}, async (page) => {
  await page.goto(`${SERVICES}/Conformance/Async/GPServer/Sleep`);
  await page.locator("[data-field=Seconds] input").first().fill("60");
  await page.getByRole("button", { name: "Submit Job (POST)" }).click();
  await page.locator("[data-job-status]", { hasText: "Running" }).waitFor();
  await keepPicture(page, "job-at-work");
  await page.getByRole("button", { name: "Cancel the job" }).click();
  await page.locator("[data-job-status]", { hasText: "Cancelled" }).waitFor();
});

story("a mistake is told beside its field, and what was typed is kept", {}, async (page) => {
  await page.goto(`${SERVICES}/Conformance/Async/GPServer/Echo`);
  const number = page.locator("[data-field=In_GPLong] input").first();
  await number.evaluate((field) => field.setAttribute("type", "text"));
  await number.fill("seven");
  await page.getByRole("button", { name: "Submit Job (POST)" }).click();
  await page.locator("[data-field=In_GPLong] .wrong").waitFor();
  assert.match(await page.locator("[data-field=In_GPLong] .wrong").textContent(), /whole number/);
  assert.equal(await page.locator("[data-field=In_GPLong] input").first().inputValue(), "seven");
  await keepPicture(page, "mistake");
});

story("a file is uploaded from the form, and read", {}, async (page) => {
  await page.goto(`${SERVICES}/Files/GPServer/FileToFeatures`);
  const csv = { name: "places.csv", mimeType: "text/csv", buffer: Buffer.from("lon,lat,name\n7,50,a\n8,51,b\n") };
  await page.locator("[data-field] input[type=file]:not([disabled])").first().setInputFiles(csv);
  await page.waitForFunction(() => [...document.querySelectorAll("[data-field] input")].some((field) => /itemID|^i[0-9a-f]/.test(field.value)));
  await page.getByRole("button", { name: "Submit Job (POST)" }).click();
  await page.locator("[data-job-status]", { hasText: "Succeeded" }).waitFor();
  await page.locator("[data-result=out_features]").getByText("2 rows").first().waitFor();
});

story("without scripts a form still runs a task and shows its result", { scripts: false }, async (page) => {
  await page.goto(`${SERVICES}/Samples/GPServer/BufferPoints`);
  await page.locator("[name=points]").fill('{"type": "Point", "coordinates": [7, 50]}');
  await page.locator("[name='distance.number']").fill("5");
  await page.getByRole("button", { name: "Execute Task (POST)" }).click();
  await page.locator("[data-result]").first().waitFor();
  assert.equal(await page.locator("[data-result] tbody tr").count(), 1);
  await keepPicture(page, "without-scripts");
});

story("without scripts a job is watched by reloading", { scripts: false }, async (page) => {
  await page.goto(`${SERVICES}/Analysis/GPServer/Buffer`);
  await page.locator("[name=in_features]").fill(SQUARE);
  await page.locator("[name^=buffer_distance_or_field]").first().fill("10 Kilometers");
  await page.getByRole("button", { name: "Submit Job (POST)" }).click();
  await page.waitForURL(/\/jobs\/j[0-9a-f]{32}/);
  await page.locator("[data-job-status]", { hasText: "Succeeded" }).waitFor(); // the page reloads itself
  assert.ok((await page.locator("[data-result] tbody tr").count()) >= 1);
});

story("in German every word of the frame is German", { locale: "de-DE" }, async (page) => {
  await page.goto(`${SERVICES}/Samples/GPServer/BufferPoints`);
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  assert.equal(await page.getByText(/^(Run it|Options|Inputs|Outputs|required)$/).count(), 0);
  await keepPicture(page, "german");
});

test("without WebGL the table stays, with a sentence", { timeout: 270_000 }, async () => {
  const plain = await launch({ webgl: false });
  try {
    const { page } = await open(plain, SITE);
    await page.goto(`${SERVICES}/Samples/GPServer/BufferPoints`);
    await page.locator("[name=points]").fill('{"type": "Point", "coordinates": [7, 50]}');
    await page.locator("[name='distance.number']").fill("5");
    await page.getByRole("button", { name: "Execute Task (POST)" }).click();
    await page.getByText(/WebGL/).waitFor();
    assert.ok((await page.locator("[data-result] tbody tr").count()) >= 1);
  } finally {
    await plain.close();
  }
});
