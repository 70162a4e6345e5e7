import { v7 as uuidv7, validate, version } from "uuid";

/** Before every other id, where a scan by id begins. */
export const NIL_ID = "00000000-0000-0000-0000-000000000000";

/** A new job, worker or file id: a UUID version 7, so ids sort by the time they were made. */
export function newId(): string {
  return uuidv7();
}

/** Whether a text is a UUID, in any version and either case. Nothing else reaches a uuid parameter. */
export function isId(text: string): boolean {
  return validate(text) && version(text) > 0;
}
