// What a job has used, in the words of the server (drawers/job.py).
import { text } from "../text.ts";
import type { Usage } from "./document.ts";
import { tellDuration } from "./durations.ts";

/** Return a phrase for each thing that was measured. */
export function tellUsage({ seconds, peakMegabytes, dollars }: Usage): string[] {
  const told: string[] = [];
  if (seconds) told.push(text("{time} at work", { time: tellDuration(seconds * 1000) }));
  if (peakMegabytes !== undefined) told.push(text("{count} MB of memory", { count: peakMegabytes }));
  if (dollars) told.push(`${dollars.toFixed(6)} USD`);
  return told;
}
