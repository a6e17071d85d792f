// The page of a job, brought up to date with every answer.
import { find, make } from "../dom.ts";
import { text } from "../text.ts";
import type { Answer } from "./answer.ts";
import type { JobDocument } from "./document.ts";
import { tellDuration } from "./durations.ts";
import { MessageList } from "./messages.ts";
import { isFinal, nameStatus } from "./status.ts";
import { tellUsage } from "./usage.ts";

const TICK = 1000; // milliseconds

/** The parts of the page that tell of a job. */
export class JobView {
  readonly #main: HTMLElement;
  readonly #messages: MessageList | undefined;
  readonly #trouble = make("p", { class: "trouble", role: "status" });
  #submitted: number | undefined;
  #ahead = 0;
  #clock: ReturnType<typeof setInterval> | undefined;

  /** @param main The element of the page with the address of the job. */
  constructor(main: HTMLElement) {
    this.#main = main;
    const list = this.#part("messages");
    this.#messages = list ? new MessageList(list) : undefined;
    (this.#part("progress") ?? this.#part("status"))?.after(this.#trouble);
    this.#submitted = Number(main.dataset["submitted"]) || undefined;
    this.#tick();
  }

  /** Show an answer. */
  show(answer: Answer): void {
    this.tell(explain(answer));
    if (answer.kind === "job") this.#showJob(answer.job, answer.ahead);
    else if (answer.kind !== "unreachable") this.#stop();
  }

  /** Show a sentence below the progress; none with "". */
  tell(sentence: string): void {
    if (this.#trouble.textContent !== sentence) this.#trouble.textContent = sentence;
    this.#trouble.hidden = !sentence;
  }

  #showJob(job: JobDocument, ahead: number): void {
    const { jobStatus, messages, usage = {} } = job;
    this.#main.dataset["status"] = jobStatus;
    this.#ahead = ahead;
    this.#submitted = usage.submitted ?? this.#submitted;
    this.#write("status", nameStatus(jobStatus));
    const status = this.#part("status");
    if (status) status.dataset["status"] = jobStatus;
    this.#showProgress(job);
    this.#write("usage", tellUsage(usage).join(" · "));
    if (messages) this.#messages?.show(messages);
    document.title = makeTitle(this.#main, job);
    const cancel = find("form[data-job-cancel]", this.#main);
    if (cancel) cancel.hidden = isFinal(jobStatus) || jobStatus === "esriJobCancelling";
    if (isFinal(jobStatus)) this.#stop(usage.ended);
    else this.#tick();
  }

  #showProgress({ jobStatus, progress }: JobDocument): void {
    const bar = this.#part<HTMLProgressElement>("progress");
    if (!bar) return;
    bar.max = 100;
    if (isFinal(jobStatus)) bar.hidden = true;
    else if (progress?.percent === undefined) bar.removeAttribute("value");
    else bar.value = progress.percent;
    bar.setAttribute("aria-label", progress?.message || nameStatus(jobStatus));
    this.#write("progress-text", progress?.message ?? "");
  }

  #tick(): void {
    this.#clock ??= setInterval(() => this.#showElapsed(Date.now() + this.#ahead), TICK);
    this.#showElapsed(Date.now() + this.#ahead);
  }

  #stop(ended?: number): void {
    clearInterval(this.#clock);
    if (ended !== undefined) this.#showElapsed(ended);
  }

  #showElapsed(until: number): void {
    if (this.#submitted !== undefined) this.#write("elapsed", tellDuration(until - this.#submitted));
  }

  #part<E extends HTMLElement>(name: string): E | null {
    return find<E>(`[data-job-${name}]`, this.#main);
  }

  #write(name: string, content: string): void {
    const part = this.#part(name);
    if (part && part.textContent !== content) part.textContent = content;
  }
}

/** Return the title of the page: how far the job is, and of which task. */
export function makeTitle(main: HTMLElement, { jobStatus, progress }: Pick<JobDocument, "jobStatus" | "progress">): string {
  const state = progress?.percent === undefined ? nameStatus(jobStatus) : `${progress.percent} %`;
  return `${state} · ${main.dataset["taskName"] ?? text("Job")}`;
}

function explain(answer: Answer): string {
  if (answer.kind === "unreachable") return text("The server cannot be reached. The page tries again.");
  if (answer.kind === "refused") return text("Your sign-in has ended. Sign in again to see the job; it goes on.");
  if (answer.kind === "gone") return text("This job does not exist, or its results have expired.");
  return "";
}
