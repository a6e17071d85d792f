// The list of recent jobs: those of this browser, or of the user who is signed in.
import { findAll, make } from "../dom.ts";
import { nameStatus } from "../job/status.ts";
import { readRecentJobs, type RecentJob } from "../recent_jobs.ts";
import { writeAge } from "./age.ts";

/** A job in the list of the server. */
interface ListedJob {
  url: string;
  service: string;
  task: string;
  jobStatus: string;
  submitted: number;
}

/** Fill the lists of recent jobs on a page; one without jobs stays hidden. */
export function enhanceJobLists(): void {
  for (const place of findAll("[data-recent-jobs]")) {
    fill(place, readRecentJobs());
    if (place.dataset["user"] === undefined) continue;
    if (!(place instanceof HTMLDetailsElement)) void fillFromServer(place);
    else {
      place.hidden = false;
      place.addEventListener("toggle", () => place.open && void fillFromServer(place));
    }
  }
  closeMenus();
}

async function fillFromServer(place: HTMLElement): Promise<void> {
  try {
    const response = await fetch(`${place.dataset["jobs"]}?f=json`);
    const { jobs } = (await response.json()) as { jobs?: ListedJob[] };
    if (jobs) fill(place, jobs.map(({ jobStatus, ...job }) => ({ ...job, status: jobStatus })));
  } catch {
    return; // those of this browser are shown
  }
}

function fill(place: HTMLElement, jobs: RecentJob[]): void {
  if (jobs.length) place.hidden = false;
  const list = place.querySelector("ul") ?? place.appendChild(make("ul", { class: "menu-list" }));
  list.replaceChildren(...jobs.map(makeItem));
}

function makeItem({ url, task, status, submitted }: RecentJob): HTMLElement {
  const lang = document.documentElement.lang || "en";
  const time = make("time", { datetime: new Date(submitted).toISOString() }, writeAge(Date.now() - submitted, lang));
  const link = make("a", { href: url }, make("span", { class: "job-task" }, task));
  link.append(" ", make("span", { class: "badge state-badge", "data-status": status }, nameStatus(status)), " ", time);
  return make("li", {}, link);
}

/** A menu closes by Escape, and by a click elsewhere. */
function closeMenus(): void {
  const menus = findAll<HTMLDetailsElement>("details.menu");
  document.addEventListener("click", ({ target }) => {
    for (const menu of menus) if (!menu.contains(target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    const menu = key === "Escape" && menus.find(({ open }) => open);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
