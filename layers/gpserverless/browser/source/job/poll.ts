// Questions about a job, again and again until it has ended.
import { type Answer } from "./answer.ts";
import { FIRST, growDelay } from "./back_off.ts";
import { isFinal } from "./status.ts";

/** Asks for a job while its page is seen. */
export class Poll {
  readonly #ask: () => Promise<Answer>;
  readonly #show: (answer: Answer) => void;
  #delay = FIRST;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsking = false;
  #ended = false;

  /**
   * @param ask Asks for the job.
   * @param show Is called with every answer.
   */
  constructor(ask: () => Promise<Answer>, show: (answer: Answer) => void) {
    this.#ask = ask;
    this.#show = show;
  }

  /** Ask soon, and from then on; nobody is asked while the page is hidden. */
  start(): void {
    document.addEventListener("visibilitychange", () => this.hasten());
    addEventListener("online", () => this.hasten());
    this.#wait();
  }

  /** Ask again soon, since something has happened. */
  hasten(): void {
    this.#delay = FIRST;
    if (!this.#isAsking) this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#ended || document.hidden) return;
    this.#timer = setTimeout(() => void this.#turn(), this.#delay);
    this.#delay = growDelay(this.#delay);
  }

  async #turn(): Promise<void> {
    this.#isAsking = true;
    const answer = await this.#ask();
    this.#isAsking = false;
    this.#ended = isLast(answer);
    this.#show(answer);
    this.#wait();
  }
}

/** Return whether there is nothing to ask for after this answer. */
export function isLast(answer: Answer): boolean {
  if (answer.kind === "unreachable") return false;
  return answer.kind !== "job" || isFinal(answer.job.jobStatus);
}
