// What a job has used, in words.
import { text } from "../text.ts";
import type { Usage } from "./document.ts";

/** Return a phrase for each thing that was measured. */
export function tellUsage({ seconds, peakMegabytes, dollars }: Usage): string[] {
  const told: string[] = [];
  if (seconds) told.push(text("ran {seconds} s", { seconds: seconds.toFixed(2) }));
  if (peakMegabytes !== undefined) told.push(text("peak memory {megabytes} MB", { megabytes: Math.ceil(peakMegabytes) }));
  if (dollars) told.push(text("cost about ${dollars}", { dollars: dollars.toFixed(6) }));
  return told;
}
