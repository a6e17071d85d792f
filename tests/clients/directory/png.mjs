// PNG with a palette (www.w3.org/TR/png): a third of the bytes of a screenshot, which has few colours.
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = 8; // bytes
const RGB = 2; // type of the colours of a screenshot: three bytes for a pixel
const PALETTE = 3;
const MOST = 256;

/** Return the screenshot with its 256 most frequent colours; every other pixel gets the nearest of them. */
export function writePalette(png) {
  const { header, pixels, width, height } = readPixels(png);
  const counts = new Map();
  for (const color of pixels) counts.set(color, (counts.get(color) ?? 0) + 1);
  const palette = [...counts].sort(([, one], [, other]) => other - one).slice(0, MOST).map(([color]) => color);
  const places = new Map([...counts.keys()].map((color) => [color, findNearest(palette, color)]));
  const rows = Buffer.alloc(height * (width + 1)); // each begins with 0: no filter
  for (const [at, color] of pixels.entries()) rows[at + Math.floor(at / width) + 1] = places.get(color);
  header[9] = PALETTE;
  const colors = Buffer.from(palette.flatMap(split));
  const chunks = { IHDR: header, PLTE: colors, IDAT: deflateSync(rows, { level: 9, memLevel: 9 }), IEND: Buffer.alloc(0) };
  return Buffer.concat([png.subarray(0, SIGNATURE), ...Object.entries(chunks).map(writeChunk)]);
}

/** Return the header of a PNG, and the colours of its pixels as numbers. */
function readPixels(png) {
  const chunks = { IDAT: [] };
  for (let at = SIGNATURE; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.toString("latin1", at + 4, at + 8);
    (chunks[type] ??= []).push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const header = Buffer.from(chunks.IHDR[0]);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (header[8] !== 8 || header[9] !== RGB || header[12]) throw new Error("a screenshot has three bytes for each pixel");
  const bytes = undoFilters(inflateSync(Buffer.concat(chunks.IDAT)), 3 * width, height);
  const pixels = new Uint32Array(width * height).map((_, at) => bytes.readUIntBE(3 * at, 3));
  return { header, pixels, width, height };
}

function undoFilters(filtered, size, height) {
  const bytes = Buffer.alloc(size * height);
  for (let row = 0; row < height; row += 1) {
    const filter = filtered[row * (size + 1)];
    for (let column = 0; column < size; column += 1) {
      const at = row * size + column;
      const left = column < 3 ? 0 : bytes[at - 3];
      const above = row ? bytes[at - size] : 0;
      const corner = row && column >= 3 ? bytes[at - size - 3] : 0;
      bytes[at] = filtered[row * (size + 1) + 1 + column] + predict(filter, left, above, corner);
    }
  }
  return bytes;
}

function predict(filter, left, above, corner) {
  if (filter < 4) return [0, left, above, (left + above) >> 1][filter];
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

function findNearest(palette, color) {
  let [nearest, least] = [0, Infinity];
  for (const [place, other] of palette.entries()) {
    const [one, two] = [split(color), split(other)];
    const distance = one.reduce((sum, part, i) => sum + (part - two[i]) ** 2, 0);
    if (distance < least) [nearest, least] = [place, distance];
  }
  return nearest;
}

function split(color) {
  return [color >> 16, (color >> 8) & 255, color & 255];
}

function writeChunk([type, data]) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
