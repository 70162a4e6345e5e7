import type { z } from "zod";
import type { Issue } from "../errors.js";
import { pointerOf } from "./json-pointer.js";

/**
 * The faults that zod found, each with its JSON pointer.
 * @param prefix the pointer of the value that was checked
 */
export function zodIssues(error: z.core.$ZodError, prefix = ""): Issue[] {
  return error.issues.flatMap((issue) => toIssues(issue, prefix));
}

function toIssues(issue: z.core.$ZodIssue, prefix: string): Issue[] {
  const pointer = prefix + pointerOf(issue.path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ pointer: pointer + pointerOf([key]), detail: "is not a known field" }));
  return [{ pointer, detail: issue.message }];
}
