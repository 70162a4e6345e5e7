/**
 * The boundaries of the code base. Between packages they are the dependencies that each package.json declares; inside
 * `lockstep`, and where a package may see only a part of another, they are this table: what a part imports, and why.
 * `npm run boundaries` holds them, and docs/architecture.svg is drawn from what is really imported.
 */

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
    name: "batches",
    holds: "many jobs in, one list out",
    imports: ["errors", "job", "ledger", "artifacts"],
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
    imports: [],
    because: "a setting says what it is called, means and allows; reading it is another matter",
  },
  {
    name: "stores",
    file: true,
    holds: "folders or buckets",
    imports: ["errors", "archive", "artifacts"],
    because: "where files are kept is decided once, from the configuration, for every module that keeps some",
  },
  {
    name: "open-parts",
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
      "stores",
    ],
    because: "the composition root is the one file that knows every module",
  },
  {
    name: "internals",
    file: true,
    holds: "the parts of a Lockstep",
    imports: ["open-parts"],
    because: "packages such as @lockstep/bullmq work on the parts; a program's types know nothing of them",
  },
  {
    name: "client",
    holds: "createLockstep, typed by kind",
    imports: ["errors", "job", "ledger", "settings", "open-parts", "internals"],
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

/**
 * Another package, or a part of one. `imports` names modules of `lockstep`, other packages by their names, and `*` for its own
 * package; a part without `*` imports nothing of its own package but itself.
 */
const PARTS = [
  {
    name: "@lockstep/embedded",
    holds: "PGlite, prepared",
    at: "packages/embedded/src/",
    imports: ["*"],
    because: "an engine knows nothing of what is kept in it",
  },
  {
    name: "@lockstep/doctor",
    holds: "finds and repairs drift",
    at: "packages/doctor/src/",
    imports: ["*", "errors", "job", "file-lock"],
    because:
      "systems that know nothing of Lockstep are examined from outside; Lockstep's own stores are passed in",
  },
  {
    name: "metrics",
    holds: "what Prometheus reads",
    at: "packages/server/src/metrics/",
    imports: ["errors", "job", "ledger"],
    because: "metrics observe calls of the ledger and their results; nothing that is measured knows of it",
  },
  {
    name: "@lockstep/server",
    holds: "HTTP API, events, page",
    at: "packages/server/src/(?!metrics/)",
    imports: [
      "*",
      "errors",
      "job",
      "ledger",
      "keys",
      "artifacts",
      "batches",
      "schedules",
      "redis",
      "worker",
      "open-parts",
      "@lockstep/doctor",
    ],
    because: "the API shows and records; it never runs a handler",
  },
  {
    name: "@lockstep/bullmq",
    holds: "the bridge for BullMQ",
    at: "packages/bullmq/src/",
    imports: ["*", "errors", "job", "ledger", "artifacts", "worker", "internals", "index"],
    because:
      "the ledger commits first and BullMQ is notified; a program opens the bridge on a Lockstep it has",
  },
  {
    name: "@lockstep/scan",
    holds: "workload: scans code",
    at: "packages/scan/src/",
    imports: ["*", "errors", "job", "artifacts", "programs"],
    because: "a workload is an ordinary user with no privileges: it sees what every handler sees",
  },
  {
    name: "@lockstep/docking",
    holds: "workload: docks molecules",
    at: "packages/docking/src/",
    imports: ["*", "errors", "job", "artifacts", "programs"],
    because: "a workload is an ordinary user with no privileges: it sees what every handler sees",
  },
  {
    name: "@lockstep/cli",
    holds: "the lockstep command",
    at: "packages/cli/src/",
    imports: [
      "*",
      "errors",
      "job",
      "ledger",
      "artifacts",
      "batches",
      "keys",
      "database",
      "redis",
      "nearest-name",
      "settings",
      "@lockstep/doctor",
      "@lockstep/server/internal/service",
      "@lockstep/scan",
      "@lockstep/docking",
    ],
    because: "a command parses, calls and prints; what it calls is put together in the service",
  },
];

/** Exceptions to the rows above, each one file wide. */
const EXCEPTIONS = [
  {
    file: "packages/lockstep/src/worker/heartbeat-thread.ts",
    imports: ["database"],
    because: "the heartbeat needs a connection of its own, which a busy event loop cannot stop",
  },
];

/** Packages of others that only the named places import, though more could by their package.json. */
const DEPENDENCIES = [
  {
    name: "aws4fetch",
    only: ["packages/lockstep/src/artifacts/"],
    because: "buckets are called in one place; the archive uses its functions",
  },
  {
    name: "pg",
    only: ["packages/lockstep/src/database/", "packages/doctor/src/stores/"],
    because:
      "one interface to the engines: query, transaction, listen; the doctor has connections of its own",
  },
  {
    name: "@lockstep/embedded",
    only: ["packages/lockstep/src/database/"],
    because: "one interface to the engines: query, transaction, listen",
  },
  {
    name: "ioredis",
    only: ["packages/lockstep/src/redis/", "packages/doctor/src/"],
    because: "Redis is a copy that can be thrown away, and only one module may fill it",
  },
  {
    name: "croner",
    only: ["packages/lockstep/src/schedules/"],
    because: "what a cron expression means, in which time zone, is decided in one place",
  },
  {
    name: "prom-client",
    only: ["packages/server/src/metrics/"],
    because: "one registry a process, made in one place; its global one is never used",
  },
];

module.exports = { MODULES, PARTS, EXCEPTIONS, DEPENDENCIES };
