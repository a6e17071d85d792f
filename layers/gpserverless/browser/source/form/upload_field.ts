// Fields for a file: it is uploaded at once, and the id of its item is the value.
import { find, findAll, make } from "../dom.ts";
import { text } from "../text.ts";
import { setValue } from "./field.ts";
import { waitFor } from "./pending.ts";
import { writeSize } from "./sentences.ts";
import { checkFile, type Limits, readLimits, uploadFile, UploadRefused } from "./uploads.ts";

const FILE = ".file";

/** Upload the files of a form while it is filled in, if the service takes uploads. */
export function enhanceUploads(root: ParentNode): void {
  for (const place of findAll("[data-file]", root)) {
    const input = find<HTMLInputElement>('input[type="file"]', place);
    const form = place.closest<HTMLFormElement>("form[data-uploads]");
    const value = form && input && find<HTMLInputElement>(`[name="${CSS.escape(input.name.slice(0, -FILE.length))}"]`, form);
    if (!form || !input || !value) continue;
    place.hidden = input.disabled = false;
    new UploadField({ input, value, form });
  }
}

interface Parts {
  input: HTMLInputElement;
  value: HTMLInputElement;
  form: HTMLFormElement;
}

class UploadField {
  readonly #parts: Parts;
  readonly #name: string;
  readonly #state: HTMLElement;
  readonly #bar: HTMLProgressElement;
  readonly #sentence = make("span", { role: "status" });
  readonly #stop = make("button", { type: "button", class: "link", hidden: true }, text("Cancel"));
  #running: AbortController | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#name = parts.input.name;
    const { input } = parts;
    const own = input.closest("[data-field]")?.querySelector<HTMLProgressElement>("[data-upload-progress]");
    this.#bar = own ?? make("progress");
    this.#bar.max = 1;
    this.#state = make("div", { class: "upload", hidden: true }, this.#bar, this.#sentence, this.#stop);
    (input.closest("label") ?? input).after(this.#state);
    this.#bar.hidden = true;
    this.#bar.setAttribute("aria-label", text("Upload"));
    this.#stop.addEventListener("click", () => this.#cancel());
    input.addEventListener("change", () => this.#start());
    listenToDrops(input);
  }

  #start(): void {
    this.#running?.abort();
    const file = this.#parts.input.files?.[0];
    if (!file) return this.#forget("");
    this.#setItem("");
    const running = (this.#running = new AbortController());
    const sending = this.#send(file, running);
    waitFor(this.#parts.form, sending);
  }

  async #send(file: File, running: AbortController): Promise<void> {
    const { form } = this.#parts;
    const uploads = form.dataset["uploads"]!;
    const token = find<HTMLInputElement>('input[name="token"]', form)?.value ?? "";
    this.#show(text("{name} is being uploaded.", { name: file.name }), { isRunning: true });
    try {
      const limits = await readLimits(uploads, token, running.signal);
      if (!limits) return this.#forget(text("The service takes no files."));
      const item = await this.#sendWithin(limits, file, { uploads, token, running });
      if (item && this.#running === running) this.#finish(file, item);
    } catch (error) {
      if (this.#running === running) this.#fail(error);
    }
  }

  async #sendWithin(
    limits: Limits, file: File, { uploads, token, running }: { uploads: string; token: string; running: AbortController },
  ): Promise<string | undefined> {
    const problem = checkFile(file.name, file.size, limits);
    if (problem) return void this.#forget(problem);
    const onProgress = (sent: number) => (this.#bar.value = sent);
    return uploadFile(uploads, file, limits, { token, signal: running.signal, onProgress });
  }

  #finish(file: File, item: string): void {
    this.#running = undefined;
    this.#setItem(item);
    this.#show(text("{name} is uploaded ({size}).", { name: file.name, size: writeSize(file.size) }), { canRemove: true });
  }

  /** Set the value; the form sends it instead of the file. */
  #setItem(item: string): void {
    const { input, value } = this.#parts;
    setValue(value, item && JSON.stringify({ itemID: item }));
    if (item) input.removeAttribute("name");
    else input.name = this.#name;
  }

  #fail(error: unknown): void {
    if (error instanceof DOMException && error.name === "AbortError") return this.#forget(text("The upload was cancelled."));
    this.#forget(error instanceof UploadRefused ? error.message : text("The server could not be reached."));
  }

  #forget(problem: string): void {
    this.#running = undefined;
    this.#setItem("");
    this.#parts.input.value = "";
    this.#show(problem, { isWrong: Boolean(problem) });
  }

  #cancel(): void {
    if (this.#running) this.#running.abort();
    else this.#forget("");
    this.#parts.input.focus();
  }

  #show(sentence: string, { isRunning = false, isWrong = false, canRemove = false }): void {
    this.#state.hidden = !sentence;
    this.#state.classList.toggle("is-wrong", isWrong);
    this.#bar.hidden = !isRunning;
    this.#bar.value = 0;
    this.#stop.hidden = !isRunning && !canRemove;
    this.#stop.textContent = canRemove ? text("Remove") : text("Cancel");
    this.#sentence.textContent = sentence;
  }
}

/** Files may be dropped anywhere on the field, not on the button alone. */
function listenToDrops(input: HTMLInputElement): void {
  const field = input.closest<HTMLElement>("[data-field]");
  field?.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  field?.addEventListener("drop", (event) => {
    const files = event.dataTransfer?.files;
    if (!files?.length || event.target === input) return;
    event.preventDefault();
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
