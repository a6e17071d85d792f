// The page of a job.
import { find } from "./dom.ts";

const ENDED = ["esriJobSucceeded", "esriJobFailed", "esriJobCancelled", "esriJobTimedOut"];

const job = find("main[data-job]");
job?.setAttribute("aria-busy", String(!ENDED.includes(job.dataset["status"] ?? "")));
