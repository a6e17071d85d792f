// The jobs that were submitted in this browser: the page of a job keeps it, every page lists them.

const KEY = "gpserverless.jobs";
const MOST = 20;

/** A job, with the members of the list of jobs of the server. */
export interface RecentJob {
  url: string;
  service: string;
  task: string;
  jobStatus: string;
  /** Milliseconds since 1970. */
  submitted: number;
}

/** Return the jobs, the latest first. */
export function readJobs(storage: Storage | undefined = openStorage()): RecentJob[] {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isJob) : [];
  } catch {
    return []; // another script's, or cut off
  }
}

/** Keep a job, in place of what was known of it. */
export function keepJob(job: RecentJob, storage: Storage | undefined = openStorage()): void {
  const others = readJobs(storage).filter(({ url }) => url !== job.url);
  const jobs = [job, ...others].sort((one, other) => other.submitted - one.submitted).slice(0, MOST);
  try {
    storage?.setItem(KEY, JSON.stringify(jobs));
  } catch {
    // the browser keeps nothing for this site: there is no list
  }
}

/** The storage of the browser, undefined where a person has switched it off. */
function openStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

function isJob(value: unknown): value is RecentJob {
  const { url, task, submitted } = (value ?? {}) as Partial<RecentJob>;
  return typeof url === "string" && /^(https?:|\/)/.test(url) && typeof task === "string" && typeof submitted === "number";
}
