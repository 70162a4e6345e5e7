/**
 * The kinds of jobs that a server accepts.
 *
 * A kind is what was recorded last: by a worker, by a client, or by this server when it started. It
 * gives a submit the values that the request leaves out, and the JSON Schema of its input. If this
 * server defines the kind in the same way, its definition checks the input instead, because it can
 * say more than JSON Schema. An input may still be refused by the worker that runs the job.
 */
export type { InputIssues, KindInfo, Kinds, KindsOfRequest, SubmittedKind } from "./kinds.js";
export { createKinds } from "./kinds.js";
