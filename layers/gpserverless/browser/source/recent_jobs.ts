// The jobs that were last seen in this browser.

const KEY = "gpserverless.jobs";
const MOST = 20;

export interface RecentJob {
  url: string;
  task: string;
  status: string;
  /** Milliseconds since 1970-01-01 UTC. */
  submitted: number;
}

/** The part of a browser's storage that is used here. */
export type Store = Pick<Storage, "getItem" | "setItem">;

/** Return the jobs, the newest first; none where the browser keeps nothing. */
export function readRecentJobs(store: Store | undefined = openStore()): RecentJob[] {
  try {
    const kept: unknown = JSON.parse(store?.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isJob) : [];
  } catch {
    return []; // another program has written there
  }
}

/** Keep a job, in its last state. */
export function keepRecentJob(job: RecentJob, store: Store | undefined = openStore()): void {
  const others = readRecentJobs(store).filter(({ url }) => url !== job.url);
  write([job, ...others].sort((one, other) => other.submitted - one.submitted).slice(0, MOST), store);
}

/** Forget a job that is gone. */
export function dropRecentJob(gone: string, store: Store | undefined = openStore()): void {
  write(readRecentJobs(store).filter(({ url }) => url !== gone), store);
}

function write(jobs: RecentJob[], store: Store | undefined): void {
  try {
    store?.setItem(KEY, JSON.stringify(jobs));
  } catch {
    return; // private windows refuse, and the list is a comfort
  }
}

function openStore(): Store | undefined {
  try {
    return localStorage;
  } catch {
    return undefined; // forbidden by the settings of the browser
  }
}

function isJob(value: unknown): value is RecentJob {
  const { url, task, status, submitted } = (value ?? {}) as Record<string, unknown>;
  return [url, task, status].every((each) => typeof each === "string") && typeof submitted === "number";
}
