// A page on the static files of the pages, served with the policy that the pages have.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../layers/gpserverless/python/gpserverless/pages/static/", import.meta.url));
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "connect-src 'self'",
  "worker-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
].join("; ");

/** The names of the static files with their digests, by those without. */
export const NAMES = JSON.parse(await readFile(`${FOLDER}manifest.json`, "utf8"));

/**
 * Serve the static files below /static/, and the pages and files that are given by their paths.
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serveStatic(pages) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    try {
      const body = pages[path] ?? (await readFile(FOLDER + path.replace("/static/", "")));
      const type = TYPES[extname(path)] ?? (path.endsWith(".png") ? "image/png" : "text/html; charset=utf-8");
      response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
