// Every page: buttons that copy, and recent jobs.
import { enhanceCopyButtons } from "./page/copy.ts";
import { enhanceJobLists } from "./page/jobs_menu.ts";

enhanceCopyButtons();
enhanceJobLists();
