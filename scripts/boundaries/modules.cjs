/**
 * A module is a folder of packages/lockstep/src, entered by its index.ts, or one file of it. It may import itself and the modules that
 * `imports` names, nothing else of the project.
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
    because:
      "the places at which a test may end a process are named inside the protocol, so they depend on nothing",
  },
  {
    name: "timing",
    holds: "waits, wakes, batches, stops",
    imports: [],
    because: "how to wait, to wake and to stop knows nothing about what is done in the meantime",
  },
  {
    name: "job",
    holds: "what a job is: pure, no I/O",
    imports: ["errors"],
    because: "what a job is stays pure, so that every module can share it and it is tested without a server",
  },
  {
    name: "file-lock",
    holds: "one process per folder",
    imports: ["errors"],
    because: "a lock on a folder knows nothing about what the folder holds",
  },
  {
    name: "database",
    holds: "one interface to pg and PGlite",
    imports: ["errors", "file-lock"],
    because:
      "the interface to two engines knows no jobs, so an engine can be changed without reading the ledger",
  },
  {
    name: "ledger",
    holds: "the truth: job SQL lives here",
    imports: ["errors", "crash-point", "job", "database"],
    because: "the one record depends on nothing that could be wrong about a job",
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
    because: "files are stored by content; who owns them is the ledger's business",
  },
  {
    name: "worker",
    holds: "runs handlers, settles, spools",
    imports: ["errors", "crash-point", "job", "file-lock", "ledger", "artifacts"],
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
    because: "when a schedule fires is worked out here; what is submitted for it, the ledger records",
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
    because: "a workload is described in words that every part may use; the parts do not name one",
  },
  {
    name: "batches",
    holds: "many jobs in, one list out",
    imports: ["errors", "job", "ledger", "artifacts", "workload"],
    because:
      "what many inputs are made of, and how their results are ranked, is the same for every kind and client",
  },
  {
    name: "programs",
    holds: "runs other programs, bounded",
    imports: [],
    because: "how another program is started, bounded and killed has nothing to do with jobs",
  },
  {
    name: "nearest-name",
    file: true,
    holds: "did you mean ...",
    imports: [],
    because: "what a misspelt word was meant to be is a question about letters",
  },
  {
    name: "settings",
    file: true,
    holds: "every setting and its default",
    imports: ["job"],
    because: "a setting says what it is called, means and allows; reading it is another matter",
  },
  {
    name: "file-stores",
    file: true,
    holds: "folders or buckets",
    imports: ["errors", "archive", "artifacts"],
    because: "where files are kept is decided once, from the configuration, for every module that keeps some",
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
      "file-stores",
    ],
    because: "the composition root is the one file that knows every module",
  },
  {
    name: "internals",
    file: true,
    holds: "the parts of a Lockstep",
    imports: ["runtime"],
    because: "packages such as @lockstep/bullmq work on the parts; a program's types know nothing of them",
  },
  {
    name: "client",
    holds: "createLockstep, typed by kind",
    imports: ["errors", "job", "ledger", "settings", "runtime", "internals"],
    because: "a program gets what the command line gets, put together in the same place, with its own types",
  },
  {
    name: "index",
    file: true,
    holds: "what a program imports",
    imports: ["errors", "job", "client"],
    because: "the public entry only exports",
  },
];

/** Modules that every other may import, besides what its row names: they know nothing and open nothing. */
const EVERYWHERE = ["timing"];

/** Exceptions to the rows above, each one file wide. */
const EXCEPTIONS = [
  {
    file: "packages/lockstep/src/worker/heartbeat-thread.ts",
    imports: ["database"],
    because: "the heartbeat needs a connection of its own, which a busy event loop cannot stop",
  },
];

module.exports = { MODULES, EVERYWHERE, EXCEPTIONS };
