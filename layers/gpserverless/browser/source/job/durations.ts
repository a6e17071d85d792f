// Durations in words.
import { text } from "../text.ts";

/** Return a duration to the second, of more than an hour to the minute. */
export function tellDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  if (seconds < 60) return text("{seconds} s", { seconds });
  if (minutes < 60) return text("{minutes} min {seconds} s", { minutes, seconds: pad(seconds % 60) });
  return text("{hours} h {minutes} min", { hours: Math.floor(minutes / 60), minutes: pad(minutes % 60) });
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
