// Headless Chromium for the pages of the directory: with WebGL by software, and every complaint of a page kept.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const SCREENSHOTS = fileURLToPath(new URL("../screenshots/", import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"];
const NO_WEBGL = ["--disable-gpu", "--disable-3d-apis"];
const QUIET = [
  "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Start Chromium; `webgl: false` takes its maps away. */
export function launch({ webgl = true } = {}) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const args = [...QUIET, ...(webgl ? WEBGL : NO_WEBGL)];
  return chromium.launch({ executablePath, chromiumSandbox: false, args });
}

/**
 * Open a tab that sees the site as one kind of visitor does.
 *
 * `problems` collects errors of scripts, refusals of the content security policy, and requests to elsewhere.
 */
export async function open(browser, site, { width = 1280, height = 900, dark = false, scripts = true, locale = "en-GB" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: scripts,
    locale,
    acceptDownloads: true,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    const expected = /Failed to load resource|GL Driver Message|GPU stall/.test(message.text());
    if (message.type() === "error" && !expected) problems.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (["http:", "https:"].includes(protocol) && hostname !== new URL(site).hostname) problems.push(`asks ${request.url()}`);
  });
  return { page, problems, close: () => context.close() };
}

/** Keep a picture of the page under a name, as an artefact of the run. */
export async function keepPicture(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: true });
}

/** The violations that axe-core finds, each with its places. It runs outside the policy of the page. */
export async function findBarriers(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 5).join(", ")}`);
}

/** Bytes of everything that a page loads, as they travel. */
export async function weigh(page, url) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(url, { waitUntil: "networkidle" });
  await session.detach();
  return bytes;
}
