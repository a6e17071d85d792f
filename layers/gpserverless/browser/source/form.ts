// The forms of tasks.
import { find } from "./dom.ts";

find('form[data-task-form] [aria-invalid="true"]')?.focus();
