// The bytes of a raster, and what they are.
import type { Count } from "./load.ts";

/** Bytes of the largest raster that a page draws. */
export const MOST_BYTES = 25e6;

/** What a page draws: GeoTIFF by its own means, a picture by those of the browser. */
export type FileKind = "tiff" | "png" | "jpeg";

const STARTS: readonly [FileKind, readonly number[]][] = [
  ["tiff", [0x49, 0x49, 0x2a, 0]],
  ["tiff", [0x4d, 0x4d, 0, 0x2a]],
  ["tiff", [0x49, 0x49, 0x2b, 0]], // BigTIFF
  ["tiff", [0x4d, 0x4d, 0, 0x2b]],
  ["png", [0x89, 0x50, 0x4e, 0x47]],
  ["jpeg", [0xff, 0xd8, 0xff]],
];

const DRAWN = /\.(tiff?|png|jpe?g)$/i;

/** The raster is too large for a page. */
export class TooLarge extends Error {
  override name = "TooLarge";
}

/** The raster did not come: another try may help. */
export class NotLoaded extends Error {
  override name = "NotLoaded";
}

/** Return what the first bytes say that a file is, undefined if a page does not draw it. */
export function findKind(bytes: Uint8Array): FileKind | undefined {
  return STARTS.find(([, start]) => start.every((byte, place) => bytes[place] === byte))?.[0];
}

/** Return whether the name of a file is that of a picture or a raster. */
export function hasDrawnName(url: string): boolean {
  return DRAWN.test(new URL(url, "https://page.invalid").pathname);
}

/**
 * Return the bytes of a file.
 *
 * @throws {TooLarge} It has more bytes than a page draws.
 * @throws {NotLoaded} The server cannot be reached, or refuses.
 */
export async function fetchBytes(url: string, count: Count): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await read(await fetch(url), count);
  } catch (problem) {
    if (problem instanceof TooLarge) throw problem;
    throw new NotLoaded(url, { cause: problem });
  }
}

async function read({ ok, status, body, headers }: Response, count: Count): Promise<Uint8Array<ArrayBuffer>> {
  if (!ok || !body) throw new TypeError(`status ${status}`);
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    if (Number(headers.get("content-length")) > MOST_BYTES) throw new TooLarge();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value);
      size += next.value.length;
      if (size > MOST_BYTES) throw new TooLarge();
      count(size);
    }
  } finally {
    await reader.cancel();
  }
  return join(chunks, size);
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let place = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, place);
    place += chunk.length;
  }
  return bytes;
}
