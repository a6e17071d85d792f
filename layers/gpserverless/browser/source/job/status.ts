// The states of a job and their names on the page.
import { text } from "../text.ts";

const ENDED = ["esriJobSucceeded", "esriJobFailed", "esriJobCancelled", "esriJobTimedOut"];

/** Return whether a job in this state never changes again. */
export function isFinal(status: string): boolean {
  return ENDED.includes(status);
}

/** Return the name of a state, in the language of the page. */
export function nameStatus(status: string): string {
  const names: Record<string, string> = {
    esriJobNew: text("New"),
    esriJobSubmitted: text("Submitted"),
    esriJobWaiting: text("Waiting"),
    esriJobExecuting: text("Running"),
    esriJobSucceeded: text("Succeeded"),
    esriJobFailed: text("Failed"),
    esriJobCancelling: text("Being cancelled"),
    esriJobCancelled: text("Cancelled"),
    esriJobTimedOut: text("Timed out"),
    esriJobDeleting: text("Being deleted"),
    esriJobDeleted: text("Deleted"),
  };
  return names[status] ?? status;
}
