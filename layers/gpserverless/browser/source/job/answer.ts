// One question about a job, and what its answer means for the next one.
import type { JobDocument } from "./document.ts";

/**
 * - `job`: the document, and how far the clock of the server is ahead, in milliseconds
 * - `unreachable`: the network or the server has a fault that may pass
 * - `refused`: the caller has to sign in again
 * - `gone`: there is no such job, or not any more
 */
export type Answer =
  | { kind: "job"; job: JobDocument; ahead: number }
  | { kind: "unreachable" | "refused" | "gone" };

const LONGEST = 20_000; // milliseconds for an answer
const TOKEN = [401, 403, 498, 499];
const PASSING = [408, 425, 429];

/** Ask for the document of a job; with the fields of a form, send it first. */
export async function askForJob(url: string, fields?: URLSearchParams): Promise<Answer> {
  try {
    const method = fields ? { method: "POST", body: fields } : {};
    const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(LONGEST), ...method });
    const document: unknown = await response.json().catch(() => undefined);
    return readAnswer(response.status, document, readLead(response.headers.get("date"), Date.now()));
  } catch {
    return { kind: "unreachable" }; // offline, refused, too slow: the next question may be answered
  }
}

/** Return the meaning of an answer; errors come with their code in the document, whatever the status of HTTP. */
export function readAnswer(status: number, document: unknown, ahead: number): Answer {
  const { error, jobStatus } = (document ?? {}) as { error?: { code?: number }; jobStatus?: unknown };
  const code = error?.code ?? status;
  if (typeof jobStatus === "string" && !error) return { kind: "job", job: document as JobDocument, ahead };
  if (TOKEN.includes(code)) return { kind: "refused" };
  if (code >= 400 && code < 500 && !PASSING.includes(code)) return { kind: "gone" };
  return { kind: "unreachable" };
}

/** Return how far the clock of the server is ahead of ours; its header is cut to the second. */
export function readLead(date: string | null, now: number): number {
  const lead = Date.parse(date ?? "") + 500 - now;
  return Math.abs(lead) < 2000 || Number.isNaN(lead) ? 0 : lead;
}
