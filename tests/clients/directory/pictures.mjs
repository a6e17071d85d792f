// `SITE=http://127.0.0.1:8000 node directory/pictures.mjs`: the pictures of the directory in README and docs.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { SERVICES, SITE } from "../site.mjs";
import { launch, open } from "./browser.mjs";
import { writePalette } from "./png.mjs";

const FOLDER = fileURLToPath(new URL("../../../docs/pictures/", import.meta.url));
const DATA = fileURLToPath(new URL("../../data/", import.meta.url));
const DESK = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844, dark: true };
const TASK = `${SERVICES}/Samples/GPServer/BufferPoints`;
const BUFFER = `${SERVICES}/Analysis/GPServer/Buffer`;
const EUROPE = { x: 0.53, y: 0.33 }; // of a map of the whole world
const PLACES = [[0.3, 0.47], [0.45, 0.3], [0.56, 0.46]];
const POINTS = JSON.stringify({
  geometryType: "esriGeometryPoint",
  spatialReference: { wkid: 4326 },
  features: [[-3.7, 40.4], [2.35, 48.86], [12.5, 41.9]].map(([x, y]) => ({ attributes: {}, geometry: { x, y } })),
});

/** Wait until the map has drawn everything, and nothing moves. */
async function settle(page) {
  await page.locator(".maplibregl-canvas").first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => document.fonts.ready);
  let before = "";
  for (let now = await look(page); now !== before; now = await look(page)) before = now;
}

async function look(page) {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return (await page.screenshot()).toString("base64");
}

async function keep(page, name) {
  await page.mouse.move(0, 0);
  await settle(page);
  await writeFile(`${FOLDER}directory-${name}.png`, writePalette(await page.screenshot()));
}

/** Draw three points on the form's map, as a person does. */
async function drawPoints(page) {
  await page.goto(TASK);
  await page.getByRole("button", { name: "Draw on the map" }).click();
  await settle(page);
  const canvas = page.locator(".maplibregl-canvas").first();
  await canvas.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await canvas.boundingBox();
  await page.mouse.move(x + width * EUROPE.x, y + height * EUROPE.y);
  for (let turn = 0; turn < 4; turn += 1) {
    await page.mouse.wheel(0, -300);
    await settle(page);
  }
  for (const [across, down] of PLACES) await canvas.click({ position: { x: width * across, y: height * down } });
  await page.getByLabel("Number").fill("200");
  await page.getByLabel("Unit").selectOption({ label: "Kilometers" });
}

async function runBuffer(page) {
  await page.goto(BUFFER);
  await page.locator("[data-field=in_features] textarea").fill(POINTS);
  await page.locator("[data-field=buffer_distance_or_field] input").first().fill("200 Kilometers");
  await page.getByRole("button", { name: "Submit Job (POST)" }).click();
  await page.locator("[data-job-status]", { hasText: "Succeeded" }).waitFor();
}

/** Count the airports of each country, and return the address of the layer. */
async function countAirports() {
  const [points, countries] = await Promise.all(["airports", "world_countries"].map((name) => readFile(`${DATA}${name}.json`, "utf8")));
  const ask = async (path, fields = {}) => {
    const body = new URLSearchParams({ f: "json", ...fields });
    return (await fetch(`${SERVICES}/Analysis/${path}`, { method: "POST", body })).json();
  };
  const task = "GPServer/AggregatePoints";
  let job = await ask(`${task}/submitJob`, { pointLayer: points, polygonLayer: countries });
  while (!/Succeeded|Failed/.test(job.jobStatus)) job = await ask(`${task}/jobs/${job.jobId}`);
  const map = `MapServer/jobs/${job.jobId}`;
  const { layers } = await ask(map);
  return `${SERVICES}/Analysis/${map}/${layers[0].id}`;
}

await mkdir(FOLDER, { recursive: true });
const browser = await launch();
const desk = await open(browser, SITE, DESK);
await drawPoints(desk.page);
await desk.page.locator("[data-field=points]").evaluate((field) => field.scrollIntoView());
await desk.page.evaluate(() => document.activeElement.blur());
await keep(desk.page, "task");
await desk.page.getByRole("button", { name: "Execute Task (POST)" }).click();
await settle(desk.page);
await keep(desk.page, "result");
await runBuffer(desk.page);
await keep(desk.page, "job");
const address = desk.page.url();
await desk.page.goto(await countAirports());
await desk.page.locator(".legend .classes li").first().waitFor();
await keep(desk.page, "layer");
await desk.close();
const phone = await open(browser, SITE, PHONE);
await phone.page.goto(address);
await settle(phone.page);
await phone.page.locator("[data-map]").evaluate((map) => map.previousElementSibling.scrollIntoView());
await keep(phone.page, "dark");
await browser.close();
