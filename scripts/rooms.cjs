/**
 * The rooms of the house and its walls: which room may enter which, and which package lives behind which door.
 * Each row says why. `npm run walls` holds them, and docs/rooms.svg is drawn from what is really imported.
 */

/** A room is a folder of src/ (or one file of it). It may import itself and what `enters` names, nothing else of src/. */
const ROOMS = [
  {
    room: "errors.ts",
    holds: "every error class and code",
    enters: [],
    because: "every room throws these errors, so they can depend on no room",
  },
  {
    room: "crash-point.ts",
    holds: "where a crash loses nothing",
    enters: [],
    because:
      "the places at which a test may end a process are named inside the protocol, so they depend on nothing",
  },
  {
    room: "job",
    holds: "what a job is: pure, no I/O",
    enters: ["errors.ts"],
    because: "what a job is stays pure, so that every room can share it and it is tested without a server",
  },
  {
    room: "file-lock",
    holds: "one process per folder",
    enters: ["errors.ts"],
    because: "a lock on a folder knows nothing about what the folder holds",
  },
  {
    room: "database",
    holds: "one seam over pg and PGlite",
    enters: ["errors.ts", "file-lock"],
    because:
      "the seam over two engines knows no jobs, so an engine can be changed without reading the ledger",
  },
  {
    room: "ledger",
    holds: "the truth: job SQL lives here",
    enters: ["errors.ts", "crash-point.ts", "job", "database"],
    because: "the one record depends on nothing that could be wrong about a job",
  },
  {
    room: "keys",
    holds: "API keys and their roles",
    enters: ["errors.ts", "job", "database"],
    because: "API keys are looked up before a request is trusted with anything about jobs",
  },
  {
    room: "artifacts",
    holds: "inputs and produced files",
    enters: ["errors.ts", "job"],
    because: "files are stored by content; whose they are is the ledger's business",
  },
  {
    room: "worker",
    holds: "runs handlers, settles, spools",
    enters: ["errors.ts", "crash-point.ts", "job", "file-lock", "ledger", "artifacts"],
    because: "a worker changes a job only through the ledger, and is correct with Redis off",
  },
  {
    room: "archive",
    holds: "old jobs in files",
    enters: ["errors.ts", "job", "ledger", "artifacts"],
    because: "files are written here, but a job leaves the ledger only through the ledger",
  },
  {
    room: "schedules",
    holds: "recurring jobs",
    enters: ["errors.ts", "job", "ledger"],
    because: "what times there are is worked out here; what is submitted for them, the ledger records",
  },
  {
    room: "redis",
    holds: "the copy in Redis",
    enters: ["errors.ts", "crash-point.ts", "job", "ledger"],
    because: "the copy is filled from the ledger's feed and nothing flows back, so it can be thrown away",
  },
  {
    room: "metrics",
    holds: "what Prometheus reads",
    enters: ["errors.ts", "job", "ledger"],
    because:
      "counting watches what goes to the ledger and comes back; whoever is counted does not know of it",
  },
  {
    room: "batches",
    holds: "many jobs in, one list out",
    enters: ["errors.ts", "job", "ledger", "artifacts"],
    because:
      "what many inputs are made of, and how their results are ranked, is the same for every kind and client",
  },
  {
    room: "programs",
    holds: "runs other programs, bounded",
    enters: [],
    because: "how a program of somebody else's is started, bounded and killed has nothing to do with jobs",
  },
  {
    room: "workloads",
    holds: "the kinds of job it ships",
    enters: ["errors.ts", "job", "artifacts", "programs"],
    because:
      "the shipped kinds of job are ordinary users with no privileges: they see what anybody's handler sees",
  },
  {
    room: "doctor",
    holds: "finds and repairs drift",
    enters: ["errors.ts", "job", "file-lock"],
    because:
      "systems that know nothing of Lockstep are examined from outside; what is Lockstep's own is handed in",
  },
  {
    room: "own-stores.ts",
    holds: "the doctor's way to Lockstep",
    enters: ["errors.ts", "database", "ledger", "redis", "doctor"],
    because:
      "the doctor's room knows no ledger, so what it examines of Lockstep's own is opened here and handed in",
  },
  {
    room: "bullmq-view.ts",
    holds: "what BullMQ says of a job",
    enters: ["errors.ts", "job", "ledger", "redis", "doctor"],
    because:
      "the bridge is opened by programs of other people; a server that shows their jobs reads BullMQ's keys as the doctor does",
  },
  {
    room: "server",
    holds: "HTTP, events, OpenAPI",
    enters: ["errors.ts", "job", "ledger", "keys", "artifacts", "batches", "schedules", "doctor"],
    because: "the API shows and records; it never runs a handler",
  },
  {
    room: "nearest-name.ts",
    holds: "did you mean ...",
    enters: [],
    because: "what a misspelt word was meant to be is a question about letters",
  },
  {
    room: "settings.ts",
    holds: "every setting and its default",
    enters: [],
    because: "a setting says what it is called, means and allows; reading it is another matter",
  },
  {
    room: "config.ts",
    holds: "environment and flags",
    enters: ["errors.ts", "nearest-name.ts", "settings.ts"],
    because: "configuration is read and checked before anything is opened",
  },
  {
    room: "stores.ts",
    holds: "folders or buckets",
    enters: ["errors.ts", "archive", "artifacts"],
    because: "where files are kept is decided once, from the configuration, for every room that keeps some",
  },
  {
    room: "lockstep.ts",
    holds: "puts the parts together",
    enters: ["*"],
    because: "the composition root is the one file that knows every room",
  },
  {
    room: "library",
    holds: "createLockstep, typed by kind",
    enters: ["errors.ts", "job", "ledger", "settings.ts", "lockstep.ts"],
    because:
      "a program gets what the command line gets, put together in the same place, with its own types; a setting means the same to both",
  },
  {
    room: "bullmq",
    holds: "the bridge for BullMQ",
    enters: ["errors.ts", "job", "ledger", "artifacts", "worker", "library"],
    because: "the ledger commits first and BullMQ is told; a program opens the bridge on a Lockstep it has",
  },
  {
    room: "index.ts",
    holds: "what a program imports",
    enters: ["errors.ts", "job", "ledger", "library"],
    because: "the public door only exports",
  },
  {
    room: "cli",
    holds: "what a person types",
    enters: [
      "errors.ts",
      "job",
      "ledger",
      "artifacts",
      "batches",
      "keys",
      "doctor",
      "nearest-name.ts",
      "settings.ts",
      "config.ts",
      "own-stores.ts",
      "lockstep.ts",
    ],
    because: "a command parses, calls and prints; what it calls is put together in lockstep.ts",
  },
];

/** What even the composition root may not enter: these rooms enter it. */
const ABOVE_ALL = ["cli", "library", "bullmq", "index.ts"];

/** Named exceptions to the rows above, each one file wide. */
const PASSAGES = [
  {
    from: "^src/worker/heartbeat-thread",
    to: "^src/database/index\\.ts$",
    because: "the heartbeat needs a connection of its own, which a busy event loop cannot stop",
  },
];

/** Packages that only the named rooms may import. */
const PACKAGES = [
  {
    name: "aws4fetch",
    only: ["artifacts"],
    because: "buckets are spoken to in one place; the archive uses its door",
  },
  {
    name: "csv-parse",
    only: ["workloads"],
    because: "what a compound library is belongs to docking; the results are written without it",
  },
  {
    name: "pg",
    only: ["database", "doctor"],
    because:
      "one seam over the engines: query, transaction, listen; the doctor has connections of its own to other people's databases",
  },
  {
    name: "@electric-sql/pglite",
    only: ["database"],
    because: "one seam over the engines: query, transaction, listen",
  },
  { name: "fastify", only: ["server"], because: "HTTP ends at the API; no other room sees a request" },
  { name: "@fastify/[^/]+", only: ["server"], because: "HTTP ends at the API; no other room sees a request" },
  {
    name: "ioredis",
    only: ["redis", "bullmq", "doctor"],
    because:
      "Redis is a copy that can be thrown away, and only one room may fill it; BullMQ has its own connection, and so has the doctor to other people's",
  },
  {
    name: "kysely",
    only: ["doctor"],
    because: "the ledger's SQL is written by hand; other people's tables have any names and engines",
  },
  {
    name: "mysql2",
    only: ["doctor"],
    because: "the doctor reads other people's databases; the ledger has one of its own",
  },
  { name: "yaml", only: ["doctor"], because: "the doctor's configuration is the one file a person writes" },
  {
    name: "prom-client",
    only: ["metrics"],
    because: "one registry a process, made in one place; its global one is never used",
  },
  {
    name: "croner",
    only: ["schedules"],
    because: "what a cron expression means, in which time zone, is decided in one place",
  },
  {
    name: "openchemlib",
    only: ["workloads"],
    because: "molecules are made in three dimensions inside a docking, in a process that can be killed",
  },
  {
    name: "bullmq",
    only: ["bullmq", "doctor"],
    because:
      "who does not use BullMQ need not install it: the doctor loads it only to add a job that was lost",
  },
  { name: "commander", only: ["cli"], because: "flags are parsed in one place" },
  {
    name: "eslint",
    only: ["workloads"],
    because: "scanners run inside the scan, in a process that can be killed",
  },
  {
    name: "@secretlint/[^/]+",
    only: ["workloads"],
    because: "scanners run inside the scan, in a process that can be killed",
  },
];

module.exports = { ROOMS, ABOVE_ALL, PASSAGES, PACKAGES };
