import type { z } from "zod";
import type { Fault } from "../errors.js";
import { pointerOf } from "./json-pointer.js";

/**
 * The faults zod found, each with its JSON pointer.
 * @param prefix the pointer of the value that was checked
 */
export function zodFaults(error: z.core.$ZodError, prefix = ""): Fault[] {
  return error.issues.flatMap((issue) => issueFaults(issue, prefix));
}

function issueFaults(issue: z.core.$ZodIssue, prefix: string): Fault[] {
  const pointer = prefix + pointerOf(issue.path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ pointer: pointer + pointerOf([key]), detail: "is not a known field" }));
  return [{ pointer, detail: issue.message }];
}
