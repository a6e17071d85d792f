// The results of a task: tables, and a map of the features.
import { findAll } from "./dom.ts";

for (const place of findAll("[data-results] [data-map]")) place.hidden = false;
