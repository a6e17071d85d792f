// @ts-check
// The folder of static files: each under a name with its digest, each compressed as well.
import { createHash } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { gzipSync } from "node:zlib";

const MANIFEST = "manifest.json";

/** Files of one build; what is there before is replaced at once, when all of them are made. */
export class StaticFolder {
  /** @type {Record<string, string>} File names with their digests, by the names without. */
  names = {};

  /** @type {Record<string, Buffer>} The files by their names with digests. */
  #files = {};

  /**
   * Add a file under a name with its digest.
   * @param {string} name
   * @param {string | Uint8Array} content
   */
  add(name, content) {
    const { name: stem, ext } = parse(name);
    const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
    this.addNamed(name, `${stem}-${digest}${ext}`, content);
  }

  /**
   * Add a file whose name has a digest already.
   * @param {string} name The name without.
   * @param {string} full
   * @param {string | Uint8Array} content
   */
  addNamed(name, full, content) {
    if (this.names[name]) throw new Error(`two static files are called ${name}`);
    this.names[name] = full;
    this.#files[full] = Buffer.from(content);
  }

  /**
   * Write all files, and tell how large they are.
   * @param {string} folder
   */
  async write(folder) {
    const fresh = `${folder}.new`;
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    for (const [name, content] of Object.entries(this.#files)) {
      await writeFile(join(fresh, name), content);
      await writeFile(join(fresh, `${name}.gz`), gzip(content));
    }
    const sorted = Object.fromEntries(Object.entries(this.names).sort(([one], [other]) => (one < other ? -1 : 1)));
    await writeFile(join(fresh, MANIFEST), `${JSON.stringify(sorted, null, 1)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  }

  /** @returns {string} A line for each file: its bytes, compressed and not. */
  describe() {
    return Object.entries(this.#files)
      .map(([name, content]) => `${String(gzip(content).length).padStart(9)} ${String(content.length).padStart(9)}  ${name}`)
      .join("\n");
  }
}

/**
 * Compress; node writes neither a time nor a name into the header, so the same bytes come out every time.
 * @param {Uint8Array} content
 */
function gzip(content) {
  const compressed = gzipSync(content, { level: 9 });
  compressed[9] = 255; // the system (RFC 1952): unknown, wherever it was built
  return compressed;
}
