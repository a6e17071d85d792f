// The examples of docs/how-to/call-from-clients.md, run as they are written.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { openPage } from "./browser.mjs";
import { SITE } from "./site.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const TEXT = readFileSync(new URL("../../docs/how-to/call-from-clients.md", import.meta.url), "utf8");

/** The example in a language that has some text in it, calling the site under test. */
function example(language, part) {
  const blocks = [...TEXT.matchAll(/```(\w+)\n(.*?)```/gs)].filter(([, name, code]) => name === language && code.includes(part));
  assert.equal(blocks.length, 1, `${blocks.length} examples in ${language} with ${part}`);
  return blocks[0][2].replaceAll("http://127.0.0.1:8000", SITE);
}

test("the example for ArcGIS REST JS", async () => {
  const code = example("js", "@esri/arcgis-rest-request");
  const { stdout } = await promisify(execFile)("node", ["--input-type=module", "--eval", code], { cwd: HERE, timeout: 60_000 });
  assert.equal(stdout, "1\n1\n");
});

test("the example for Esri Leaflet", async () => {
  const opened = await openPage(`<!doctype html><title></title>${example("html", "esri-leaflet-gp")}`);
  try {
    await opened.page.waitForFunction(() => document.title !== "", undefined, { timeout: 20_000 });
    assert.equal(await opened.page.title(), "1 zone");
  } finally {
    await opened.close();
  }
});
