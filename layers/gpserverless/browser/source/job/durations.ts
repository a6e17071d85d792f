// Spans of time, in the words of the server (drawers/job.py).
import { text } from "../text.ts";

/** Return a span: "0.4 s", "12 s", "3 min 05 s", "1 h 02 min". */
export function tellDuration(milliseconds: number): string {
  const exact = Math.max(0, milliseconds / 1000);
  const seconds = Math.round(exact);
  const minutes = Math.floor(seconds / 60);
  if (exact < 10) return text("{seconds} s", { seconds: exact.toFixed(1) });
  if (seconds < 60) return text("{seconds} s", { seconds });
  if (minutes < 60) return text("{minutes} min {seconds} s", { minutes, seconds: pad(seconds % 60) });
  return text("{hours} h {minutes} min", { hours: Math.floor(minutes / 60), minutes: pad(minutes % 60) });
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
