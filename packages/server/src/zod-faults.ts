import type { Fault } from "lockstep/internal/errors";
import type { z } from "zod";
import { escapeStep } from "./json-scan.js";

/**
 * The faults zod found, each with its JSON pointer.
 * @param prefix the pointer of the value that was checked
 */
export function zodFaults(error: z.core.$ZodError, prefix = ""): Fault[] {
  return error.issues.flatMap((issue) => issueFaults(issue, prefix));
}

function issueFaults(issue: z.core.$ZodIssue, prefix: string): Fault[] {
  const pointer = prefix + issue.path.map((step) => `/${escapeStep(String(step))}`).join("");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escapeStep(key)}`,
      detail: "is not a known field",
    }));
  return [{ pointer, detail: issue.message }];
}
