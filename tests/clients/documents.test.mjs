// The examples of docs/how-to/call-from-clients.md and sign-in-from-clients.md, run as they are written.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { openPage } from "./browser.mjs";
import { PASSWORD, SITE, USER } from "./site.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const read = (name) => readFileSync(new URL(`../../docs/how-to/${name}`, import.meta.url), "utf8");
const CALL = read("call-from-clients.md");
const SIGN_IN = read("sign-in-from-clients.md");
const env = { ...process.env, GP_PASSWORD: PASSWORD };

/** The example in a language that has some text in it, calling the site under test. */
function example(language, part, text = CALL) {
  const blocks = [...text.matchAll(/```(\w+)\n(.*?)```/gs)].filter(([, name, code]) => name === language && code.includes(part));
  assert.equal(blocks.length, 1, `${blocks.length} examples in ${language} with ${part}`);
  return blocks[0][2].replaceAll("http://127.0.0.1:8000", SITE);
}

test("the example for ArcGIS REST JS", async () => {
  const code = example("js", "@esri/arcgis-rest-request");
  const { stdout } = await promisify(execFile)("node", ["--input-type=module", "--eval", code], { cwd: HERE, timeout: 180_000 });
  assert.equal(stdout, "1\n1\n");
});

test("the example of a sign-in by curl", async () => {
  const code = example("bash", "generateToken", SIGN_IN);
  const { stdout } = await promisify(execFile)("bash", ["-c", code], { env, timeout: 60_000 });
  assert.ok(JSON.parse(stdout).tasks.includes("CopyFile"), stdout);
});

test("the example of a sign-in by ArcGIS REST JS", async () => {
  const code = example("js", "ArcGISIdentityManager.signIn", SIGN_IN);
  const options = { cwd: HERE, env, timeout: 180_000 };
  const { stdout } = await promisify(execFile)("node", ["--input-type=module", "--eval", code], options);
  assert.equal(stdout, `${USER} CopyFile\n`);
});

test("the example of a sign-in on a page", async () => {
  const opened = await openPage(`<!doctype html><link rel="icon" href="data:,">${example("html", "beginOAuth2", SIGN_IN)}`);
  try {
    await opened.page.getByLabel("Username").fill(USER);
    await opened.page.getByLabel("Password").fill(PASSWORD);
    await opened.page.getByRole("button", { name: "Sign in" }).click();
    await opened.page.waitForFunction((user) => document.title === user, USER, { timeout: 60_000 });
    assert.deepEqual(opened.problems, []);
  } finally {
    await opened.close();
  }
});

test("the example for Esri Leaflet", async () => {
  const opened = await openPage(`<!doctype html><title></title>${example("html", "esri-leaflet-gp")}`);
  try {
    await opened.page.waitForFunction(() => document.title !== "", undefined, { timeout: 60_000 });
    assert.equal(await opened.page.title(), "1 zone");
  } finally {
    await opened.close();
  }
});
