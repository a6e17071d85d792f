// The uploads of a service: a file in one request if it is small, in parts if it is not.
import { text } from "../text.ts";
import { writeSize } from "./sentences.ts";

const MEGABYTE = 2 ** 20;
const MOST_IN_PARTS = 250; // megabytes: `commit` joins no more

export interface Limits {
  /** Megabytes of a file in one request. */
  maxUploadFileSize: number;
  /** Megabytes of an item. */
  maxItemSize: number;
  allowedExtensions: string[];
}

/** The server has refused a file; the message is a sentence for people. */
export class UploadRefused extends Error {
  override name = "UploadRefused";
}

export interface Options {
  /** The token of the page, "" for none. */
  token: string;
  signal: AbortSignal;
  /** Is called with the part of the file that is sent, from 0 to 1. */
  onProgress: (sent: number) => void;
}

/** Return the numbers of the first and last byte of every part of a file. */
export function splitFile(size: number, partSize: number): [number, number][] {
  const count = Math.max(1, Math.ceil(size / partSize));
  return Array.from({ length: count }, (_, part) => [part * partSize, Math.min(size, (part + 1) * partSize)]);
}

/** Return a sentence about a file that the service does not take, undefined if it takes it. */
export function checkFile(name: string, size: number, limits: Limits): string | undefined {
  const ending = name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : "";
  const allowed = limits.allowedExtensions.map((each) => each.replace(/^\./, "").toLowerCase());
  if (allowed.length && !allowed.includes(ending)) {
    return text("{name} is not one of {endings}.", { name, endings: allowed.map((each) => `.${each}`).join(", ") });
  }
  if (!size) return text("{name} is empty.", { name });
  const most = Math.min(limits.maxItemSize, MOST_IN_PARTS) * MEGABYTE;
  if (size <= most) return undefined;
  return text("{name} has {size}. This page uploads at most {most}.", { name, size: writeSize(size), most: writeSize(most) });
}

/**
 * Return the limits of a service, undefined if it takes no uploads.
 *
 * @throws {DOMException} The signal has stopped it.
 */
export async function readLimits(uploads: string, token: string, signal: AbortSignal): Promise<Limits | undefined> {
  const query = new URLSearchParams({ f: "json", ...(token ? { token } : {}) });
  const response = await fetch(`${uploads}/info?${query}`, { signal });
  const document = (await response.json()) as Partial<Limits>;
  return typeof document.maxUploadFileSize === "number" ? (document as Limits) : undefined;
}

/**
 * Upload a file, and return the id of its item.
 *
 * @throws {UploadRefused} The server does not take it.
 * @throws {DOMException} The signal has stopped it.
 */
export async function uploadFile(uploads: string, file: File, limits: Limits, options: Options): Promise<string> {
  const partSize = limits.maxUploadFileSize * MEGABYTE;
  if (file.size > partSize) return uploadParts(uploads, file, partSize, options);
  return itemOf(await post(`${uploads}/upload`, { file }, options, options.onProgress));
}

async function uploadParts(uploads: string, file: File, partSize: number, options: Options): Promise<string> {
  const item = itemOf(await post(`${uploads}/register`, { itemName: file.name }, options));
  try {
    for (const [index, [start, end]] of splitFile(file.size, partSize).entries()) {
      const part = new File([file.slice(start, end)], file.name);
      const tell = (sent: number) => options.onProgress((start + sent * (end - start)) / file.size);
      await post(`${uploads}/${item}/uploadPart`, { partId: String(index + 1), file: part }, options, tell);
    }
    await post(`${uploads}/${item}/commit`, {}, options);
  } catch (error) {
    const unstoppable = { ...options, signal: new AbortController().signal };
    void post(`${uploads}/${item}/delete`, {}, unstoppable).catch(() => undefined); // the server forgets it in a day
    throw error;
  }
  return item;
}

type Answer = Record<string, unknown>;

function itemOf(answer: Answer): string {
  const id = (answer["item"] as Answer | undefined)?.["itemID"];
  if (typeof id !== "string") throw new UploadRefused(text("The server has not taken the file."));
  return id;
}

/** Post fields and files; fetch tells nothing of how much is sent, XMLHttpRequest does. */
function post(url: string, fields: Record<string, string | File>, options: Options, onProgress?: (sent: number) => void): Promise<Answer> {
  const body = new FormData();
  const named = { f: "json", ...(options.token ? { token: options.token } : {}), ...fields };
  for (const [name, value] of Object.entries(named)) body.append(name, value);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open("POST", url);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total ? loaded / total : 0);
    request.onload = () => settleAnswer(request, resolve, reject);
    request.onerror = () => reject(new UploadRefused(text("The server could not be reached.")));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onloadend = () => options.signal.removeEventListener("abort", stop);
    options.signal.addEventListener("abort", stop);
    if (options.signal.aborted) return reject(new DOMException("stopped", "AbortError"));
    request.send(body);
  });
}

function settleAnswer(request: XMLHttpRequest, resolve: (answer: Answer) => void, reject: (error: Error) => void): void {
  const answer = request.response as Answer | null;
  const error = answer?.["error"] as { message?: string; details?: string[] } | undefined;
  if (answer && !error && request.status < 400) return resolve(answer);
  const told = error && [error.message, ...(error.details ?? [])].filter(Boolean).join(" ");
  reject(new UploadRefused(told || text("The server has not taken the file.")));
}
