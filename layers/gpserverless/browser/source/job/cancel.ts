// The button that cancels a job, without leaving the page.
import { find } from "../dom.ts";
import { text } from "../text.ts";
import { askForJob } from "./answer.ts";

/**
 * Let the form cancel the job from here.
 *
 * @param main The element of the page with the form.
 * @param tell Shows a sentence.
 * @param then Is called when the job is being cancelled.
 */
export function watchCancel(main: HTMLElement, tell: (sentence: string) => void, then: () => void): void {
  const form = find<HTMLFormElement>("form[data-job-cancel]", main);
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    void cancel(form, tell, then);
  });
}

async function cancel(form: HTMLFormElement, tell: (sentence: string) => void, then: () => void): Promise<void> {
  const button = find<HTMLButtonElement>("button", form);
  if (button) button.disabled = true;
  const answer = await askForJob(form.action, readFields(form));
  if (answer.kind === "job") return then();
  tell(text("The job could not be cancelled. It may have ended, or the server cannot be reached."));
  if (button) button.disabled = false;
}

function readFields(form: HTMLFormElement): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.set(name, value);
  fields.set("f", "json");
  return fields;
}
