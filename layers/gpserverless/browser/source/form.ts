// The forms of tasks. Each works without a script; with one, it is easier to fill in.
import styleUrl from "static:form.css";

import { find, findAll, make } from "./dom.ts";
import { enhanceExtents } from "./form/extent.ts";
import { enhanceFeatures } from "./form/features.ts";
import { enhanceConditions, enhanceFields } from "./form/fields.ts";
import { enhanceHints } from "./form/hints.ts";
import { enhanceRows } from "./form/rows.ts";
import { enhanceSnippets } from "./form/snippets.ts";
import { enhanceSpatialReferences } from "./form/spatial_reference.ts";
import { enhanceSubmit } from "./form/submit.ts";
import { enhanceUploads } from "./form/upload_field.ts";

/** Enhance the fields that rows may have too. */
function enhanceParts(root: ParentNode): void {
  enhanceUploads(root);
  enhanceExtents(root);
  enhanceFields(root);
  enhanceSpatialReferences(root);
}

document.head.append(make("link", { rel: "stylesheet", href: styleUrl }));

for (const form of findAll<HTMLFormElement>("form[data-task-form]")) {
  enhanceRows(form, enhanceParts);
  enhanceFeatures(form);
  enhanceConditions(form);
  enhanceParts(form);
  enhanceHints(form);
  enhanceSnippets(form);
  enhanceSubmit(form);
}

(find("#mistakes") ?? find('form[data-task-form] [aria-invalid="true"]'))?.focus();
