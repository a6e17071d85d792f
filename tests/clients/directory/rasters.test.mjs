// A raster is uploaded, goes through a task, and is seen: with a legend, and on the map where that knows its place.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { ASYNC, SITE } from "../site.mjs";
import { findBarriers, keepPicture, launch, open } from "./browser.mjs";

const GRID = readFileSync(new URL("../../tools/cases/rasters/grid4.tif", import.meta.url));
const GEOKEYS = 34735; // the tag
const PROJECTED = 3072; // the key
const WEB_MERCATOR = 3857;

/** The same raster with the code of another reference: its first cell is at 0 degrees of both. */
function asWebMercator() {
  const bytes = Buffer.from(GRID);
  const directory = bytes.readUInt32LE(4);
  for (let entry = directory + 2; ; entry += 12) {
    if (bytes.readUInt16LE(entry) !== GEOKEYS) continue;
    for (let key = bytes.readUInt32LE(entry + 8) + 8; ; key += 8) {
      if (bytes.readUInt16LE(key) !== PROJECTED) continue;
      bytes.writeUInt16LE(WEB_MERCATOR, key + 6);
      return bytes;
    }
  }
}

/** Upload a file, let a task return it, and give the URL of the job. */
async function echo(name, content, type = "image/tiff") {
  const body = new FormData();
  body.append("f", "json");
  body.append("file", new File([content], name, { type }));
  const { item } = await (await fetch(`${ASYNC}/uploads/upload`, { method: "POST", body })).json();
  const values = new URLSearchParams({ f: "json", In_GPRasterData: JSON.stringify({ itemID: item.itemID }) });
  const { jobId } = await (await fetch(`${ASYNC}/Echo/submitJob`, { method: "POST", body: values })).json();
  return `${ASYNC}/Echo/jobs/${jobId}`;
}

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

async function see(url, options, look, program = browser) {
  const { page, problems, close } = await open(program, SITE, options);
  page.setDefaultTimeout(60_000);
  try {
    await page.goto(url);
    await page.locator("[data-job-status]", { hasText: "Succeeded" }).waitFor();
    await look(page, page.locator("[data-result=Out_GPRasterData]"));
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
}

/** The red, green, blue and opacity of a cell, counted from 0. */
const cell = (picture, column, row) =>
  picture.evaluate((canvas, [x, y]) => [...canvas.getContext("2d").getImageData(x, y, 1, 1).data], [column, row]);

test("a raster of another reference is a picture with its values, and the page says so", { timeout: 270_000 }, async () => {
  await see(await echo("grid.tif", GRID), {}, async (page, article) => {
    const picture = article.getByRole("img", { name: "4 × 4 cells. Values from 1 to 15. 1 cell has no value." });
    await picture.waitFor();
    assert.deepEqual(await cell(picture, 0, 0), [68, 1, 84, 255]);
    assert.deepEqual(await cell(picture, 2, 3), [253, 231, 37, 255]);
    assert.deepEqual(await cell(picture, 3, 3), [0, 0, 0, 0]);
    assert.match(await article.locator(".scale").innerText(), /^1\s+15$/);
    await article.getByText("The map does not show spatial reference 32633.").waitFor();
    await page.locator("[data-result=In_GPRasterData] canvas").waitFor(); // what was uploaded is seen too
    assert.equal(await page.getByRole("checkbox", { name: "Out GPRasterData" }).count(), 0);
    assert.deepEqual(await findBarriers(page), []);
    await keepPicture(page, "raster");
  });
});

for (const [look, options] of [["light", {}], ["dark and narrow", { dark: true, width: 360 }]]) {
  test(`a raster in Web Mercator is on the map too: ${look}`, { timeout: 270_000 }, async () => {
    await see(await echo("grid.tif", asWebMercator()), options, async (page, article) => {
      await page.getByRole("checkbox", { name: "Out GPRasterData", exact: true }).waitFor();
      await page.locator(".maplibregl-canvas").waitFor();
      await article.locator("canvas").waitFor();
      assert.equal(await article.getByText("The map does not show").count(), 0);
      assert.deepEqual(await findBarriers(page), []);
      await keepPicture(page, `raster-on-the-map-${look.replaceAll(" ", "-")}`);
    });
  });
}

test("without WebGL the picture stays", { timeout: 270_000 }, async () => {
  const plain = await launch({ webgl: false });
  try {
    await see(await echo("grid.tif", asWebMercator()), {}, async (page, article) => {
      await page.getByText("WebGL is switched off").waitFor();
      await article.locator("canvas").waitFor();
    }, plain);
  } finally {
    await plain.close();
  }
});

test("without scripts the link has the raster", { timeout: 270_000 }, async () => {
  const { page, close } = await open(browser, SITE, { scripts: false });
  try {
    await page.goto(await echo("grid.tif", GRID));
    const link = page.locator("[data-result=Out_GPRasterData]").getByRole("link", { name: "Download the raster" });
    await link.waitFor({ timeout: 90_000 }); // the page reloads itself
    const answer = await fetch(await link.getAttribute("href"));
    assert.deepEqual([...new Uint8Array(await answer.arrayBuffer()).slice(0, 4)], [0x49, 0x49, 42, 0]);
  } finally {
    await close();
  }
});
