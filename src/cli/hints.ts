/** What to do about an error, by its code. One line each. */
export const HINTS: Readonly<Record<string, string>> = {
  UNAUTHORIZED:
    "set LOCKSTEP_TOKEN to an API key; where the server runs, make one with: lockstep keys create NAME --role submit",
  FORBIDDEN: "use a key that has the role; make one with: lockstep keys create NAME --role ROLE",
  JOB_NOT_FOUND: "list the jobs there are with: lockstep jobs list",
  KEY_NOT_FOUND: "list the keys there are with: lockstep keys list",
  QUEUE_NOT_FOUND: "list the queues there are with: lockstep queues list",
  ARTIFACT_NOT_FOUND: "see what the job left behind at /api/jobs/ID/artifacts",
  UNKNOWN_KIND: "use a kind that the server knows; its page at /docs lists them",
  INVALID_INPUT: "correct the input and send it again; nothing was recorded",
  INVALID_REQUEST: "correct the request and send it again; nothing was recorded",
  BODY_TOO_LARGE: "put large data in a file and pass its place in the input; nothing was recorded",
  IDEMPOTENCY_MISMATCH: "use a new --idempotency-key for a new job",
  UNIQUE_KEY_TAKEN: "wait for the job that holds the key, or cancel it",
  ALREADY_FINISHED: "read its result with: lockstep result ID",
  NOT_FINISHED: "wait for it with: lockstep jobs watch ID",
  VERSION_MISMATCH: "read the job again and decide anew",
  DATABASE_UNAVAILABLE:
    "bring the database back and repeat the call; a submit with an --idempotency-key can be repeated safely",
  STATUS_UNKNOWN: "try again shortly; the job is not lost",
  OVERLOADED: "try again shortly",
  SHUTTING_DOWN: "try again when the server is back",
  DATA_DIR_LOCKED: "stop the other process, use its API, or choose another folder with --data-dir",
  SCHEMA_NEWER: "update this program: a newer one has already changed the database",
  SCHEMA_CHANGED: "restore the migration files that this program was released with",
  INVALID_CONFIG: "correct the values above; lockstep config shows each value and where it comes from",
  PUBLIC_WITHOUT_KEY:
    "make a key first with: lockstep keys create NAME --role admin (or listen on 127.0.0.1)",
  WAIT_TIMEOUT: "the job goes on; wait again with: lockstep jobs watch ID",
  PORT_TAKEN: "choose another port with --port (0 takes any free one), or stop the program that has it",
};
