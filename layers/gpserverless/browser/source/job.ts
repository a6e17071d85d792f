// The page of a job: its state as it changes, until it has ended.
import { find } from "./dom.ts";
import { askForJob, type Answer } from "./job/answer.ts";
import { watchCancel } from "./job/cancel.ts";
import { Poll } from "./job/poll.ts";
import { isFinal } from "./job/status.ts";
import { JobView, makeTitle } from "./job/view.ts";
import { dropRecentJob, keepRecentJob, readRecentJobs } from "./recent_jobs.ts";

const main = find("main[data-job]");
if (main) watch(main);

function watch(main: HTMLElement): void {
  const { job: url = "", status = "" } = main.dataset;
  keep(main, status, Number(main.dataset["submitted"]) || undefined);
  document.title = makeTitle(main, { jobStatus: status });
  if (isFinal(status)) return;
  const view = new JobView(main);
  const poll = new Poll(
    () => askForJob(addQuery(url)),
    (answer) => {
      view.show(answer);
      follow(main, answer);
    },
  );
  watchCancel(main, (sentence) => view.tell(sentence), () => poll.hasten());
  poll.start();
}

function follow(main: HTMLElement, answer: Answer): void {
  if (answer.kind === "gone") dropRecentJob(main.dataset["job"] ?? "");
  if (answer.kind !== "job") return;
  const { jobStatus, usage } = answer.job;
  keep(main, jobStatus, usage?.submitted);
  if (isFinal(jobStatus)) reloadOnce(jobStatus);
}

function keep(main: HTMLElement, status: string, submitted?: number): void {
  const { job: url = "", taskName: task = "" } = main.dataset;
  const before = readRecentJobs().find((each) => each.url === url)?.submitted;
  keepRecentJob({ url, task, status, submitted: submitted ?? before ?? Date.now() });
}

function addQuery(url: string): string {
  const address = new URL(url, location.href);
  address.searchParams.set("f", "json");
  address.searchParams.set("returnMessages", "true");
  return address.href;
}

/** Load the page with its results; a page that comes back unchanged is not loaded again. */
function reloadOnce(status: string): void {
  const state = (history.state ?? {}) as Record<string, unknown>;
  if (state["ended"] === status) return;
  history.replaceState({ ...state, ended: status }, "");
  location.reload();
}
