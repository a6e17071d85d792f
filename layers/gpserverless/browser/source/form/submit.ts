// Sending a form: once, after its uploads, and not larger than the gateway takes.
import { find, findAll, make } from "../dom.ts";
import { text } from "../text.ts";
import { isWaiting, settle } from "./pending.ts";
import { writeSize } from "./sentences.ts";

const LONGEST_QUERY = 8_000; // characters; the gateway refuses headers of more than 10,240 bytes
const LARGEST_BODY = 4_600_000; // bytes; the gateway refuses more than 4.7 MB
const PATIENCE = 60_000; // milliseconds after which a form may be sent again

/** Keep a form from being sent twice, or in vain. */
export function enhanceSubmit(form: HTMLFormElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const free = () => {
    clearTimeout(timer);
    setBusy(form, false);
  };
  form.addEventListener("submit", (event) => {
    const submitter = event.submitter as HTMLButtonElement | null;
    const isHeld = form.ariaBusy === "true" || isWaiting(form) || refuseSize(form, submitter);
    if (isHeld) event.preventDefault();
    if (form.ariaBusy !== "true" && isWaiting(form)) return void sendLater(form, submitter);
    if (isHeld) return;
    setBusy(form, true, submitter);
    timer = setTimeout(free, PATIENCE);
  });
  form.addEventListener("input", ({ isTrusted }) => isTrusted && free()); // the end of an upload is not a person's
  window.addEventListener("pageshow", free); // the page comes back as it was left
  window.addEventListener("keydown", ({ key }) => key === "Escape" && free()); // it stops the request
}

async function sendLater(form: HTMLFormElement, submitter: HTMLButtonElement | null): Promise<void> {
  setBusy(form, true, submitter);
  await settle(form);
  const isStillWanted = form.ariaBusy === "true"; // a change of a value takes it back
  setBusy(form, false);
  const hasFailed = find(".upload.is-wrong", form);
  if (isStillWanted && !hasFailed) form.requestSubmit(submitter);
}

/** Mark a form; its buttons stay in the order of the keyboard, and tell that they are at work. */
function setBusy(form: HTMLFormElement, isBusy: boolean, submitter: HTMLButtonElement | null = null): void {
  form.ariaBusy = isBusy ? "true" : null;
  for (const button of findAll<HTMLButtonElement>('button[type="submit"], button:not([type])', form)) {
    button.ariaDisabled = isBusy ? "true" : null;
    button.classList.toggle("is-busy", isBusy && button === submitter);
  }
}

/** Return whether the request is too large; a sentence says so. */
function refuseSize(form: HTMLFormElement, submitter: HTMLButtonElement | null): boolean {
  // A field called "method" hides the property of the form, so its attribute is read.
  const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method");
  const isGet = method?.toLowerCase() === "get";
  const size = isGet ? countQuery(form) : countBody(form);
  const sentence = isGet
    ? text("The values are too long for a URL. Use the button with POST.")
    : text("The form has {size}, and takes at most {most}. Upload the features, or give their URL.", {
        size: writeSize(size), most: writeSize(LARGEST_BODY),
      });
  const isTooLarge = size > (isGet ? LONGEST_QUERY : LARGEST_BODY);
  tell(form, isTooLarge ? sentence : "", submitter);
  return isTooLarge;
}

function countQuery(form: HTMLFormElement): number {
  const texts = [...new FormData(form)].map(([name, value]): [string, string] => [name, typeof value === "string" ? value : value.name]);
  return new URLSearchParams(texts).toString().length;
}

function countBody(form: HTMLFormElement): number {
  const sizes = [...new FormData(form).values()].map((value) => (typeof value === "string" ? new Blob([value]).size : value.size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function tell(form: HTMLFormElement, sentence: string, submitter: HTMLButtonElement | null): void {
  const line = find("[data-submit-state]", form) ?? make("p", { class: "wrong", role: "alert", "data-submit-state": "" });
  if (!line.isConnected) (submitter?.parentElement ?? form).before(line);
  line.textContent = sentence;
  line.hidden = !sentence;
}
