import { v7 as uuidv7, validate, version } from "uuid";

/** Before every other id; a scan by id begins here. */
export const NIL_ID = "00000000-0000-0000-0000-000000000000";

/** Creates a job, worker or file id: a UUID version 7, so ids sort by creation time. */
export function newId(): string {
  return uuidv7();
}

/**
 * Whether a text is a UUID, of any version and in either case. Every uuid parameter is checked with
 * it first.
 */
export function isId(text: string): boolean {
  return validate(text) && version(text) > 0;
}
