// Times ago, in the language of the page.

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** Return how long ago something was: "5 min. ago". */
export function writeAge(milliseconds: number, lang: string): string {
  const format = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" });
  const [unit, size] = UNITS.find(([, each]) => milliseconds >= each) ?? ["second", 1000];
  return format.format(-Math.max(0, Math.floor(milliseconds / size)), unit);
}
