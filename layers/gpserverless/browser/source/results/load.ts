// The texts of results, in pieces: out of the page, or from the server with a count of the bytes.
import type { Field, ResultData } from "./data.ts";
import { collectRows } from "./collect.ts";
import { makePause } from "./pause.ts";

/** Bytes from which a person is asked first. */
export const LARGE = 60e6;

const PIECE = 1 << 19; // characters

/** Is told of the bytes that have come. */
export type Count = (bytes: number) => void;

/** Asks whether to go on; of the size, only as much is known as was announced or has come. */
export type Ask = (bytes: number) => Promise<boolean>;

/** Nobody wants that much. */
export class Declined extends Error {
  override name = "Declined";
}

/** Return the rows of a text in the page. */
export function readRows(text: string, fields: Field[] | undefined): Promise<ResultData> {
  return collectRows(cut(text), fields);
}

/**
 * Return the rows of an answer of the server.
 *
 * @throws {Declined} It is large, and not wanted.
 * @throws {TypeError} The server cannot be reached.
 */
export async function fetchRows(url: string, fields: Field[] | undefined, count: Count, ask: Ask): Promise<ResultData> {
  const response = await fetch(url);
  if (!response.body) throw new TypeError("the answer has no body");
  const announced = Number(response.headers.get("content-length"));
  return collectRows(decode(watchSize(response.body, announced, count, ask)), fields);
}

async function* watchSize(body: ReadableStream<Uint8Array>, announced: number, count: Count, ask: Ask): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  let isAsked = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
      count(bytes);
      if (!isAsked && Math.max(bytes, announced) > LARGE) {
        isAsked = true;
        if (!(await ask(Math.max(bytes, announced)))) throw new Declined();
      }
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const pause = makePause();
  for await (const chunk of chunks) {
    yield decoder.decode(chunk, { stream: true });
    await pause();
  }
  yield decoder.decode();
}

async function* cut(text: string): AsyncGenerator<string> {
  const pause = makePause();
  for (let place = 0; place < text.length; place += PIECE) {
    yield text.slice(place, place + PIECE);
    await pause();
  }
}
