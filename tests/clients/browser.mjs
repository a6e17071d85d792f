// A page in headless Chromium, served from another origin than the site.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const TYPES = { ".js": "text/javascript", ".css": "text/css" };
const QUIET = [
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Serve this folder on a free port, with a page at its root. */
async function serve(html) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    try {
      const body = path === "/" ? html : await readFile(FOLDER + path.slice(1));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/html" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Open a page; `problems` collects what the browser complains of. */
export async function openPage(html) {
  const server = await serve(html);
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: QUIET });
  const page = await browser.newPage();
  page.setDefaultTimeout(90_000);
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return {
    page,
    problems,
    version: browser.version(),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}
