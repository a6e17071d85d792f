// Text files that are dropped on a field or chosen: their content becomes the value.
import { find, make } from "../dom.ts";
import { text } from "../text.ts";
import { writeSize } from "./sentences.ts";

const ENDINGS = [".json", ".geojson", ".csv", ".txt"];
const LARGEST = 4_500_000; // bytes; a request with more is refused by the gateway
const DROPPED = "is-dropped-on";

/** Take text files for a field; `refuse` is called with a sentence about any other. */
export function takeTextFiles(field: HTMLElement, take: (content: string) => void, refuse: (sentence: string) => void): void {
  const read = async (files: FileList | null | undefined) => {
    if (!files?.length) return;
    const problem = checkFiles([...files]);
    if (problem) return refuse(problem);
    try {
      take(await readText(files[0]!));
    } catch {
      refuse(text("The file {name} could not be read.", { name: files[0]!.name }));
    }
  };
  listenToDrops(field, read);
  listenToInput(field, read);
}

/** Return a sentence about files that are no text with features, undefined if they are one. */
export function checkFiles(files: readonly { name: string; size: number }[]): string | undefined {
  const [file, ...others] = files;
  if (!file || others.length) return text("Drop one file.");
  if (!ENDINGS.some((ending) => file.name.toLowerCase().endsWith(ending))) {
    return text("{name} is not one of {endings}.", { name: file.name, endings: ENDINGS.join(", ") });
  }
  if (file.size <= LARGEST) return undefined;
  return text("{name} has {size}. A form takes at most {most}: upload it, or give its URL.", {
    name: file.name, size: writeSize(file.size), most: writeSize(LARGEST),
  });
}

/** The text of a file: in UTF-8, else as Windows wrote it, as the server reads files. */
async function readText(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The input that the page has without a script, or one behind its button. */
function listenToInput(field: HTMLElement, read: (files: FileList | null) => Promise<void>): void {
  const place = find("[data-drop]", field);
  const own = find<HTMLInputElement>('input[type="file"]', field);
  const around = find("[data-text-file]", field);
  const input = own ?? make("input", { type: "file" });
  input.accept = ENDINGS.join(",");
  input.addEventListener("change", () => void read(input.files).then(() => (input.value = "")));
  if (!place) return;
  place.hidden = false;
  if (!(place instanceof HTMLButtonElement)) return;
  input.hidden = true;
  if (around) around.hidden = true;
  if (!own) place.after(input);
  place.addEventListener("click", () => input.click());
}

function listenToDrops(field: HTMLElement, read: (files: FileList | undefined) => Promise<void>): void {
  const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  field.addEventListener("dragover", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    field.classList.add(DROPPED);
  });
  field.addEventListener("dragleave", (event) => {
    if (!field.contains(event.relatedTarget as Node | null)) field.classList.remove(DROPPED);
  });
  field.addEventListener("drop", (event) => {
    field.classList.remove(DROPPED);
    if (!hasFile(event)) return;
    event.preventDefault();
    void read(event.dataTransfer?.files);
  });
}
