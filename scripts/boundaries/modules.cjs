/**
 * A module is a folder of packages/lockstep/src with its index.ts as the entry, or one file of it.
 * It may import itself and the modules that `imports` names, and nothing else of the project.
 */
const MODULES = [
  {
    name: "errors",
    file: true,
    holds: "every error class and code",
    imports: [],
    because: "every module throws these errors, so they can depend on none",
  },
  {
    name: "crash-point",
    file: true,
    holds: "where a crash loses nothing",
    imports: [],
    because: "the protocol names the points at which a test may kill a process, so they depend on nothing",
  },
  {
    name: "timing",
    holds: "waits, wakes, batches, stops",
    imports: [],
    because: "waiting, waking up and stopping do not depend on the work that is done meanwhile",
  },
  {
    name: "job",
    holds: "what a job is: pure, no I/O",
    imports: ["errors"],
    because: "the definition of a job is pure, so that every module can share it and tests need no server",
  },
  {
    name: "file-lock",
    holds: "one process per folder",
    imports: ["errors"],
    because: "a lock on a folder does not depend on the content of the folder",
  },
  {
    name: "schema-name",
    file: true,
    holds: "which schema, and its rule",
    imports: [],
    because: "the settings and the database apply the same rule to the name of the schema",
  },
  {
    name: "database",
    holds: "one interface to pg and PGlite",
    imports: ["errors", "file-lock", "schema-name"],
    because:
      "the interface to two engines does not know jobs, so an engine can be changed without reading the ledger",
  },
  {
    name: "ledger",
    holds: "the truth: job SQL lives here",
    imports: ["errors", "crash-point", "job", "database"],
    because: "the only record depends on nothing that could be wrong about a job",
  },
  {
    name: "keys",
    holds: "API keys and their roles",
    imports: ["errors", "job", "database"],
    because: "API keys are looked up before a request is trusted with anything about jobs",
  },
  {
    name: "artifacts",
    holds: "inputs and produced files",
    imports: ["errors", "job"],
    because: "files are stored by content; the ledger knows which job owns them",
  },
  {
    name: "process-faults",
    holds: "what nobody caught, and whose it was",
    imports: ["job"],
    because: "a program watches its process without loading the worker or the ledger",
  },
  {
    name: "worker",
    holds: "runs handlers, settles, spools",
    imports: ["errors", "crash-point", "job", "process-faults", "file-lock", "ledger", "artifacts"],
    because: "a worker changes a job only through the ledger, and is correct with Redis off",
  },
  {
    name: "archive",
    holds: "old jobs in files",
    imports: ["errors", "job", "ledger", "artifacts"],
    because: "files are written here, but a job leaves the ledger only through the ledger",
  },
  {
    name: "schedules",
    holds: "recurring jobs",
    imports: ["errors", "job", "ledger"],
    because: "this module computes when a schedule fires; the ledger records what it submits",
  },
  {
    name: "redis",
    holds: "the projection in Redis",
    imports: ["errors", "crash-point", "job", "ledger"],
    because:
      "the projection is written from the ledger's feed and nothing flows back, so it can be thrown away",
  },
  {
    name: "workload",
    holds: "what a workload is",
    imports: ["errors", "job", "artifacts", "settings"],
    because: "every part may use the description of a workload; no part names a specific one",
  },
  {
    name: "batches",
    holds: "many jobs in, one list out",
    imports: ["errors", "job", "ledger", "artifacts", "workload"],
    because: "splitting a library into inputs and ranking results are the same for every kind and client",
  },
  {
    name: "programs",
    holds: "runs other programs, bounded",
    imports: [],
    because: "starting, limiting and killing another program does not depend on jobs",
  },
  {
    name: "nearest-name",
    file: true,
    holds: "did you mean ...",
    imports: [],
    because: "the most similar name depends only on letters",
  },
  {
    name: "settings",
    file: true,
    holds: "every setting and its default",
    imports: ["job", "schema-name"],
    because: "a setting has a name, a meaning and allowed values; other code reads it",
  },
  {
    name: "file-stores",
    file: true,
    holds: "folders or buckets",
    imports: ["errors", "archive", "artifacts"],
    because: "the configuration decides once where files are stored, for every module that stores files",
  },
  {
    name: "database-away",
    file: true,
    holds: "migrates now or later",
    imports: ["errors", "database", "ledger"],
    because: "a process that starts while the database is away brings the schema up to date afterwards",
  },
  {
    name: "open-stores",
    file: true,
    holds: "opens Redis and the database",
    imports: ["errors", "database", "database-away", "redis"],
    because: "the order in which the stores open, and close after a failure, is in one place",
  },
  {
    name: "runtime",
    file: true,
    holds: "puts the parts together",
    imports: [
      "errors",
      "job",
      "database",
      "ledger",
      "keys",
      "artifacts",
      "worker",
      "archive",
      "schedules",
      "redis",
      "database-away",
      "open-stores",
      "file-stores",
    ],
    because: "the composition root is the one file that knows every module",
  },
  {
    name: "internals",
    file: true,
    holds: "the parts of a Lockstep",
    imports: ["runtime"],
    because: "packages such as @lockstep/bullmq use the parts; a program's types do not show them",
  },
  {
    name: "client",
    holds: "createLockstep, typed by kind",
    imports: ["errors", "job", "ledger", "settings", "runtime", "internals"],
    because: "a program gets the same composition as the command line, with its own types",
  },
  {
    name: "index",
    file: true,
    holds: "what a program imports",
    imports: ["errors", "job", "process-faults", "client"],
    because: "the public entry only exports",
  },
];

/**
 * Modules that every other module may import, besides those in its row. They depend on nothing and
 * open nothing.
 */
const EVERYWHERE = ["timing"];

/** Exceptions to the rows above, each one file wide. */
const EXCEPTIONS = [
  {
    file: "packages/lockstep/src/worker/heartbeat-thread.ts",
    imports: ["database"],
    because: "the heartbeat needs its own connection, which a busy event loop cannot block",
  },
];

module.exports = { MODULES, EVERYWHERE, EXCEPTIONS };
