// The pages of jobs and results in headless Chromium, under the policy of the pages, by the marks that scripts look for.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { chromium } from "playwright-core";

import { NAMES, serveStatic } from "./static-site.mjs";

const QUIET = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"];
const SOFTWARE = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

const head = (script) =>
  `<!doctype html><html lang="en"><title>Page</title><link rel="icon" href="data:,">` +
  `<link rel="stylesheet" href="/static/${NAMES["style.css"]}"><script type="module" src="/static/${NAMES[script]}"></script>`;

const zone = (name, area, x) => ({
  type: "Feature",
  properties: { name, area },
  geometry: { type: "Polygon", coordinates: [[[x, 40], [x + 8, 40], [x + 8, 48], [x, 48], [x, 40]]] },
});
const FEATURES = [zone("b", 9, 0), zone("<i>a</i>", 10, 10), zone(null, null, 20), ...Array.from({ length: 5000 }, (_, n) => zone(`zone ${n}`, -1, 30))];
const TABLE = { fields: [{ name: "K", type: "esriFieldTypeString" }], features: [{ attributes: { K: "one" } }] };
const RESULTS = `${head("results.js")}<main><section data-results><div data-map hidden></div>
<article data-result="zones" data-kind="features" data-side="output" data-geojson="/zones"><h3>Zones</h3><div data-table>first rows</div></article>
<article data-result="counts" data-kind="table" data-side="output" data-json="/counts"><h3>Counts</h3><div data-table>first rows</div></article>
<article data-result="gone" data-kind="features" data-side="input" data-geojson="/gone"><h3>Gone</h3><div data-table>first rows</div></article>
</section></main>`;

const fill = (color) => ({ type: "esriSFS", style: "esriSFSSolid", color, outline: { type: "esriSLS", color: [0, 0, 0, 255], width: 1 } });
const BY_AREA = {
  type: "classBreaks",
  field: "area",
  minValue: 1,
  classBreakInfos: [
    { classMaxValue: 9, label: "small", symbol: fill([255, 0, 0, 255]) },
    { classMaxValue: 10, label: "large", symbol: fill([0, 0, 255, 255]) },
  ],
  defaultSymbol: fill([0, 128, 0, 255]),
  defaultLabel: "unknown",
};
const IN_CLASSES = `${head("results.js")}<main><section data-results><div data-map hidden></div>
<article data-result="zones" data-kind="features" data-side="output" data-geojson="/few" data-drawn-by="/layer"><h3>Zones</h3><div data-table>first rows</div></article>
</section></main>`;

const message = (description, kind = "Informative") => ({ type: `esriJobMessageType${kind}`, description });
const job = (jobStatus, messages) => JSON.stringify({ jobId: "j1", jobStatus, messages, usage: { submitted: 0, ended: 65_000 } });
const JOB = `${head("job.js")}<main data-job="/jobs/j1" data-status="esriJobExecuting" data-task-name="Buffer">
<p data-job-status>Running</p><progress data-job-progress></progress><p data-job-elapsed></p><ol data-job-messages><li>Submitted.</li></ol>
<form data-job-cancel method="post" action="/cancel"><button>Cancel</button></form></main>`;

const FILES = {
  "/": RESULTS,
  "/classes": IN_CLASSES,
  "/few": JSON.stringify({ type: "FeatureCollection", features: FEATURES.slice(0, 3) }),
  "/layer": JSON.stringify({ drawingInfo: { renderer: BY_AREA } }),
  "/zones": JSON.stringify({ type: "FeatureCollection", features: FEATURES, exceededTransferLimit: true }),
  "/counts": JSON.stringify({ paramName: "counts", dataType: "GPRecordSet", value: TABLE }),
  "/gone": JSON.stringify({ error: { code: 400, message: "Unable to complete operation.", details: ["Job not found."] } }),
  "/job": JOB,
  "/jobs/j1": job("esriJobSucceeded", [message("Submitted."), message("Careful.", "Warning")]),
};

let site;
let browser;
let page;
let problems;

before(async () => {
  site = await serveStatic(FILES);
  browser = await launch(SOFTWARE);
});

after(async () => {
  await browser?.close();
  site?.close();
});

beforeEach(() => open(browser));

afterEach(async () => {
  await page.close();
  assert.deepEqual(problems, []);
});

function launch(args) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, chromiumSandbox: false, args: [...QUIET, ...args] });
}

async function open(program) {
  await page?.close();
  page = await program.newPage({ viewport: { width: 900, height: 900 }, reducedMotion: "reduce" });
  problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
}

/** Return how many pixels of the map have each of these colours. */
async function countPixels(shades) {
  const png = (await page.locator("[data-map] canvas").first().screenshot()).toString("base64");
  return page.evaluate(async ([source, colors]) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${source}`;
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    canvas.drawImage(picture, 0, 0);
    const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
    const counts = colors.map(() => 0);
    for (let at = 0; at < data.length; at += 4) {
      const place = colors.findIndex((color) => color.every((part, index) => Math.abs(part - data[at + index]) < 3));
      if (place >= 0) counts[place] += 1;
    }
    return counts;
  }, [png, shades]);
}

const zones = () => page.getByRole("grid", { name: "Zones" });
const cells = async (count) => (await zones().locator("tr[data-row] td:first-child").allTextContents()).slice(0, count);

test("a table has the rows in sight, sorts numbers by size, and finds words", async () => {
  await page.goto(site.url);
  await zones().waitFor();
  assert.deepEqual(await cells(3), ["b", "<i>a</i>", "none"]);
  assert.ok((await zones().locator("tr[data-row]").count()) < 30);
  assert.equal(await zones().getAttribute("aria-rowcount"), "5004");
  await page.getByRole("button", { name: "area", exact: true }).click();
  await page.getByRole("button", { name: "area", exact: true }).click();
  assert.deepEqual(await cells(3), ["<i>a</i>", "b", "zone 0"]);
  await page.getByLabel("Filter rows of Zones").fill("zone 4999");
  await page.getByText("1 of 5,003 rows").waitFor();
  assert.deepEqual(await cells(), ["zone 4999"]);
  assert.ok(await page.getByText("more features than it sends").isVisible());
  assert.deepEqual(await page.getByRole("grid", { name: "Counts" }).locator("td").allTextContents(), ["", "one", ""]);
});

test("features have the colours of their classes, which the legend names", async () => {
  await page.goto(`${site.url}/classes`);
  await page.getByRole("checkbox", { name: /Zones 3/ }).waitFor();
  assert.deepEqual(await page.locator(".legend .classes li").allTextContents(), ["small", "large", "unknown"]);
  const shades = [[255, 0, 0], [0, 0, 255], [0, 128, 0]];
  let areas;
  do areas = await countPixels(shades); // until the map has drawn them
  while (areas.some((area) => area < 500));
  assert.ok(Math.max(...areas) < 1.1 * Math.min(...areas), `${areas}`); // squares of one size
});

test("a click on the map selects a row, which keys then move", async () => {
  await page.goto(site.url);
  await page.getByRole("checkbox", { name: /Zones 5,003/ }).waitFor();
  await zones().locator("tr[data-row]").nth(1).click();
  await page.getByRole("button", { name: "Zoom to" }).click();
  do await page.locator("[data-map] canvas").click();
  while (!(await page.locator(".maplibregl-popup").count())); // until the map has drawn what it has moved to
  assert.equal(await page.locator(".maplibregl-popup dd").first().textContent(), "<i>a</i>");
  await zones().focus();
  await page.keyboard.press("End");
  const active = await zones().evaluate((grid) => document.getElementById(grid.getAttribute("aria-activedescendant")).textContent);
  assert.match(active, /^zone 4999/);
});

test("a result that the server refuses keeps its first rows and says why", async () => {
  await page.goto(site.url);
  await page.getByText("The server does not send this result here: Unable to complete operation. Job not found.").waitFor();
  assert.equal(await page.locator('[data-result="gone"] [data-table]').textContent(), "first rows");
});

test("a browser without WebGL has the tables, and says so", async () => {
  const plain = await launch(["--disable-3d-apis"]);
  await open(plain);
  await page.goto(site.url);
  await page.getByText("WebGL is switched off").waitFor();
  await zones().waitFor();
  await page.close();
  await plain.close();
});

test("the page of a job adds messages, tells its state in the title, and is loaded once again", async () => {
  let loads = 0;
  page.on("load", () => loads++);
  await page.goto(`${site.url}/job`);
  await page.waitForFunction(() => {
    const [{ type }] = performance.getEntriesByType("navigation");
    return type === "reload" && document.title === "Succeeded · Buffer" && document.querySelectorAll("li").length === 2;
  });
  assert.deepEqual(await page.locator("li").allTextContents(), ["Submitted.", "Warning: Careful."]);
  assert.equal(await page.locator("[data-job-elapsed]").textContent(), "1 min 05 s");
  assert.equal(loads, 2);
  const [kept] = await page.evaluate(() => JSON.parse(localStorage.getItem("gpserverless.jobs")));
  assert.deepEqual(kept, { url: "/jobs/j1", task: "Buffer", status: "esriJobSucceeded", submitted: 0 });
});
