/**
 * The walls of the house: which room may enter which, and which package lives behind which door.
 * Each row says why. Tests may look anywhere; everything else is held here (`npm run walls`).
 */

/** A room is a folder of src/ (or one file of it). It may import itself and what `enters` names, nothing else of src/. */
const ROOMS = [
  {
    room: "errors.ts",
    enters: [],
    because: "every room throws these errors, so they can depend on no room",
  },
  {
    room: "job",
    enters: ["errors.ts"],
    because: "what a job is stays pure, so that every room can share it and it is tested without a server",
  },
  {
    room: "file-lock",
    enters: ["errors.ts"],
    because: "a lock on a folder knows nothing about what the folder holds",
  },
  {
    room: "database",
    enters: ["errors.ts", "file-lock"],
    because:
      "the seam over two engines knows no jobs, so an engine can be changed without reading the ledger",
  },
  {
    room: "ledger",
    enters: ["errors.ts", "job", "database"],
    because: "the one record depends on nothing that could be wrong about a job",
  },
  {
    room: "keys",
    enters: ["errors.ts", "job", "database"],
    because: "API keys are looked up before a request is trusted with anything about jobs",
  },
  {
    room: "artifacts",
    enters: ["errors.ts", "job"],
    because: "files are stored by content; whose they are is the ledger's business",
  },
  {
    room: "worker",
    enters: ["errors.ts", "job", "file-lock", "ledger", "artifacts"],
    because: "a worker changes a job only through the ledger, and is correct with Redis off",
  },
  {
    room: "workloads",
    enters: ["errors.ts", "job", "artifacts"],
    because:
      "the shipped kinds of job are ordinary users with no privileges: they see what anybody's handler sees",
  },
  {
    room: "server",
    enters: ["errors.ts", "job", "ledger", "keys", "artifacts"],
    because: "the API shows and records; it never runs a handler",
  },
  {
    room: "config.ts",
    enters: ["errors.ts", "job"],
    because: "configuration is read and checked before anything is opened",
  },
  {
    room: "lockstep.ts",
    enters: ["*"],
    because: "the composition root is the one file that knows every room",
  },
  {
    room: "index.ts",
    enters: ["errors.ts", "job", "ledger", "lockstep.ts"],
    because: "the public door only exports",
  },
  {
    room: "cli",
    enters: ["errors.ts", "job", "ledger", "artifacts", "keys", "config.ts", "lockstep.ts"],
    because: "a command parses, calls and prints; what it calls is put together in lockstep.ts",
  },
];

/** What even the composition root may not enter: these rooms enter it. */
const ABOVE_ALL = ["cli", "index.ts"];

/** Named exceptions to the rows above, each one file wide. */
const PASSAGES = [
  {
    from: "^src/worker/heartbeat-thread",
    to: "^src/database/index\\.ts$",
    because: "the heartbeat needs a connection of its own, which a busy event loop cannot stop",
  },
];

/** Packages that only one room may import. */
const PACKAGES = [
  { name: "pg", only: "database", because: "one seam over the engines: query, transaction, listen" },
  {
    name: "@electric-sql/pglite",
    only: "database",
    because: "one seam over the engines: query, transaction, listen",
  },
  { name: "fastify", only: "server", because: "HTTP ends at the API; no other room sees a request" },
  { name: "@fastify/[^/]+", only: "server", because: "HTTP ends at the API; no other room sees a request" },
  {
    name: "ioredis",
    only: "redis",
    because: "Redis is a copy that can be thrown away, and only one room may fill it",
  },
  { name: "commander", only: "cli", because: "flags are parsed in one place" },
  { name: "listr2", only: "cli", because: "progress is drawn in one place" },
  {
    name: "eslint",
    only: "workloads",
    because: "scanners run inside the scan, in a process that can be killed",
  },
  {
    name: "@secretlint/[^/]+",
    only: "workloads",
    because: "scanners run inside the scan, in a process that can be killed",
  },
];

const TEST = "\\.test\\.ts$";
const SAMPLE = "/sample/";
const escaped = (text) => text.replaceAll(".", "\\.");
const place = (room) => (room.endsWith(".ts") ? `^src/${escaped(room)}$` : `^src/${room}/`);
/** Rooms are entered by their index.ts; workloads/ is a corridor of rooms. */
const door = (room) => {
  if (room.endsWith(".ts")) return place(room);
  return room === "workloads" ? "^src/workloads/[^/]+/index\\.ts$" : `^src/${room}/index\\.ts$`;
};

function staysInside({ room, enters, because }) {
  const allowed = enters.includes("*")
    ? ROOMS.map((row) => row.room).filter((name) => !ABOVE_ALL.includes(name))
    : enters;
  const passages = PASSAGES.filter((passage) => passage.from.startsWith(`^src/${room}/`));
  return {
    name: `${room} enters only: ${allowed.join(", ") || "nothing"}`,
    comment: because,
    severity: "error",
    from: { path: place(room), pathNot: [TEST, SAMPLE, ...passages.map((passage) => passage.from)] },
    to: { path: "^src/", pathNot: [place(room), ...allowed.map(door)] },
  };
}

function passage({ from, to, because }) {
  const room = ROOMS.find((row) => from.startsWith(`^src/${row.room}/`));
  return {
    name: `passage: ${from}`,
    comment: because,
    severity: "error",
    from: { path: from, pathNot: TEST },
    to: { path: "^src/", pathNot: [place(room.room), ...room.enters.map(door), to] },
  };
}

function livesIn({ name, only, because }) {
  return {
    name: `${name} lives in ${only}`,
    comment: because,
    severity: "error",
    from: { path: "^src/", pathNot: [`^src/${only}/`, TEST, SAMPLE] },
    to: { path: `(^|/)node_modules/${name}/` },
  };
}

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...ROOMS.map(staysInside),
    ...PASSAGES.map(passage),
    ...PACKAGES.map(livesIn),
    {
      name: "every room has a row",
      comment: "a new folder of src/ must say in the table what it enters, and why",
      severity: "error",
      from: { path: "^src/", pathNot: ROOMS.map((row) => place(row.room)) },
      to: {},
    },
    {
      name: "job does no I/O",
      comment: "what a job is stays pure, so that every room can share it and it is tested without a server",
      severity: "error",
      from: { path: "^src/job/", pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no cycles",
      comment: "a file that needs its own importer cannot be read, tested or moved alone",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true },
    },
    {
      name: "no import of tests",
      comment: "tests depend on the code, never the reverse",
      severity: "error",
      from: { path: "^src/", pathNot: TEST },
      to: { path: ["^(test|bench)/", TEST] },
    },
    {
      name: "no unresolvable import",
      comment: "an import that leads nowhere fails only when it is reached",
      severity: "error",
      from: { path: "^src/", pathNot: SAMPLE },
      to: { couldNotResolve: true },
    },
    {
      name: "no development dependency at run time",
      comment: "it is not there once the package is installed",
      severity: "error",
      from: { path: "^src/", pathNot: [TEST, SAMPLE] },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: [SAMPLE] },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
