/**
 * Another package, or a part of one. `imports` names modules of `lockstep`, other packages by their
 * names, and `*` for its own package. A part without `*` imports only itself from its own package.
 */
const PARTS = [
  {
    name: "@lockstep/embedded",
    holds: "PGlite, prepared",
    at: "packages/embedded/src/",
    imports: ["*"],
    because: "an engine does not depend on the data in it",
  },
  {
    name: "@lockstep/doctor",
    holds: "finds and repairs drift",
    at: "packages/doctor/src/",
    imports: ["*", "errors", "job", "file-lock"],
    because:
      "systems that do not use Lockstep are examined from outside; Lockstep's own stores are passed in",
  },
  {
    name: "metrics",
    holds: "what Prometheus reads",
    at: "packages/server/src/metrics/",
    imports: ["errors", "job", "ledger"],
    because:
      "metrics observe calls of the ledger and their results; measured code does not depend on metrics",
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
      "nearest-name",
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
      "the ledger commits first and BullMQ is notified; a program opens the bridge on its own Lockstep",
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
      "process-faults",
      "job",
      "ledger",
      "artifacts",
      "batches",
      "keys",
      "database",
      "redis",
      "nearest-name",
      "process-faults",
      "settings",
      "workload",
      "@lockstep/doctor",
      "@lockstep/server/internal/service",
      "@lockstep/scan",
      "@lockstep/docking",
    ],
    because: "a command parses, calls and prints; the service composes what it calls",
  },
];

/** External packages that only the named places import, although package.json would allow more. */
const DEPENDENCIES = [
  {
    name: "aws4fetch",
    only: ["packages/lockstep/src/artifacts/"],
    because: "buckets are called in one place; the archive uses its functions",
  },
  {
    name: "pg",
    only: ["packages/lockstep/src/database/", "packages/doctor/src/stores/"],
    because: "one interface to the engines: query, transaction, listen; the doctor has its own connections",
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
    because: "the meaning of a cron expression in a time zone is decided in one place",
  },
  {
    name: "prom-client",
    only: ["packages/server/src/metrics/"],
    because: "one registry for each process, made in one place; the global one is never used",
  },
];

module.exports = { PARTS, DEPENDENCIES };
