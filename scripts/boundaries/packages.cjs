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
      "runtime",
      "workload",
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
    imports: ["*", "errors", "job", "artifacts", "programs", "workload"],
    because: "a workload is an ordinary user with no privileges: it sees what every handler sees",
  },
  {
    name: "@lockstep/docking",
    holds: "workload: docks molecules",
    at: "packages/docking/src/",
    imports: ["*", "errors", "job", "artifacts", "programs", "workload"],
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
      "workload",
      "@lockstep/doctor",
      "@lockstep/server/internal/service",
      "@lockstep/scan",
      "@lockstep/docking",
    ],
    because: "a command parses, calls and prints; what it calls is put together in the service",
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

module.exports = { PARTS, DEPENDENCIES };
