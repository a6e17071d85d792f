// Every page of the directory at three widths, by day and by night: nothing too wide, no barrier, light to load.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { SERVICES, SITE } from "../site.mjs";
import { findBarriers, keepPicture, launch, open, weigh } from "./browser.mjs";

const MOST_BYTES = 300_000;
const POINT = encodeURIComponent('{"features":[{"geometry":{"x":7,"y":50}}],"spatialReference":{"wkid":4326}}');
const EXECUTE = `${SERVICES}/Samples/GPServer/BufferPoints/execute`;
const PAGES = {
  catalogue: SERVICES,
  folder: `${SERVICES}/Conformance`,
  info: `${SITE}/arcgis/rest/info`,
  service: `${SERVICES}/Analysis/GPServer`,
  "service-info": `${SERVICES}/Analysis/GPServer/info`,
  "item-info": `${SERVICES}/Analysis/GPServer/info/iteminfo`,
  "task-of-samples": `${SERVICES}/Samples/GPServer/BufferPoints`,
  "task-of-analysis": `${SERVICES}/Analysis/GPServer/SummarizeWithin`,
  "task-of-every-type": `${SERVICES}/Conformance/Async/GPServer/Echo`,
  "execute-form": EXECUTE,
  "submit-form": `${SERVICES}/Analysis/GPServer/Buffer/submitJob`,
  uploads: `${SERVICES}/Analysis/GPServer/uploads`,
  answer: `${EXECUTE}?f=html&points=${POINT}&distance=${encodeURIComponent('{"distance":50,"units":"esriKilometers"}')}`,
  mistake: `${EXECUTE}?f=html&points=${POINT}&distance=far`,
  "not-found": `${SERVICES}/Nothing/GPServer`,
  login: `${SITE}/arcgis/rest/login`,
  help: `${SITE}/arcgis/help/Samples/BufferPoints`,
};
const WITH_A_MAP = ["answer"];
const VISITORS = {
  desk: { width: 1360 },
  "tablet by night": { width: 820, dark: true },
  phone: { width: 360, height: 740 },
  "phone by night": { width: 360, height: 740, dark: true },
};

let browser;
let job;

before(async () => {
  browser = await launch();
  const fields = new URLSearchParams({ f: "json", in_features: decodeURIComponent(POINT), buffer_distance_or_field: "5 Miles" });
  const { jobId } = await (await fetch(`${SERVICES}/Analysis/GPServer/Buffer/submitJob`, { method: "POST", body: fields })).json();
  job = `${SERVICES}/Analysis/GPServer/Buffer/jobs/${jobId}`;
  let status = "";
  while (status !== "esriJobSucceeded") ({ jobStatus: status } = await (await fetch(`${job}?f=json`)).json());
  Object.assign(PAGES, {
    job,
    results: `${job}/results`,
    result: `${job}/results/out_feature_class`,
    inputs: `${job}/inputs`,
    input: `${job}/inputs/in_features`,
  });
});

after(() => browser?.close());

for (const [visitor, options] of Object.entries(VISITORS)) {
  test(`every page serves a visitor at a ${visitor}`, { timeout: 900_000 }, async () => {
    const { page, problems, close } = await open(browser, SITE, options);
    const wrong = [];
    for (const [name, url] of Object.entries(PAGES)) {
      await page.goto(url, { waitUntil: "networkidle" });
      await keepPicture(page, `${name}-${visitor.replaceAll(" ", "-")}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) wrong.push(`${name} is ${overflow} px too wide`);
      wrong.push(...(await findBarriers(page)).map((barrier) => `${name}: ${barrier}`));
    }
    await close();
    assert.deepEqual([...wrong, ...problems], []);
  });
}

test("a job prints dark on white, without what paper cannot do", { timeout: 180_000 }, async () => {
  const { page, close } = await open(browser, SITE, { width: 794, dark: true });
  await page.goto(job, { waitUntil: "networkidle" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const colors = await page.evaluate(() => {
    const { color, backgroundColor } = getComputedStyle(document.body);
    return [color, backgroundColor];
  });
  assert.deepEqual(colors, ["rgb(23, 33, 31)", "rgb(255, 255, 255)"]);
  for (const gone of [".topbar-tools", ".side", ".end", ".toolbar", ".formats", ".map-tools .actions", "button"]) {
    assert.equal(await page.locator(`${gone}:visible`).count(), 0, gone);
  }
  for (const kept of ["h1", ".state-badge", "[data-map] canvas", ".map-tools label", "[data-result] td"]) {
    assert.ok((await page.locator(`${kept}:visible`).count()) > 0, kept);
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.equal(overflow, 0);
  await keepPicture(page, "job-on-paper");
  assert.ok((await page.pdf()).length > 50_000); // with the map
  await close();
});

test("features without attributes have no empty table", { timeout: 180_000 }, async () => {
  const { page, close } = await open(browser, SITE);
  await page.goto(`${job}/inputs/in_features`, { waitUntil: "networkidle" });
  await page.getByText("1 row", { exact: true }).waitFor();
  assert.equal(await page.locator(".result-grid:visible, .table-frame:visible").count(), 0);
  assert.equal(await page.getByRole("button", { name: "Save these rows as CSV" }).count(), 0);
  await close();
});

test("a page without a map is under 300 KB, and its paint is soon", { timeout: 360_000 }, async () => {
  const table = [];
  for (const [name, url] of Object.entries(PAGES)) {
    const { page, close } = await open(browser, SITE);
    const bytes = await weigh(page, url);
    const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0);
    table.push({ page: name, "KB as sent": Math.round(bytes / 100) / 10, "first paint (ms)": Math.round(paint) });
    await close();
    const mapped = WITH_A_MAP.includes(name) || url.startsWith(job);
    if (!mapped) assert.ok(bytes < MOST_BYTES, `${name} has ${bytes} bytes`);
  }
  console.table(table);
});
