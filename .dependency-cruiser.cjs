/** Turns the table of rooms (scripts/rooms.cjs) into rules. Tests may look anywhere; everything else is held here. */
const { ROOMS, ABOVE_ALL, PASSAGES, PACKAGES } = require("./scripts/rooms.cjs");

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
    name: `${name} lives in ${only.join(", ")}`,
    comment: because,
    severity: "error",
    from: { path: "^src/", pathNot: [...only.map(place), TEST, SAMPLE] },
    // Also by its bare name, which is how a package appears that is not installed.
    to: { path: `((^|/)node_modules/${name}/)|^${name}$` },
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
      from: { path: "^src/", pathNot: [TEST, ...ROOMS.map((row) => place(row.room))] },
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
      comment:
        "it is not there once the package is installed; an optional peer may not be either, and is loaded where that is handled",
      severity: "error",
      from: { path: "^src/", pathNot: [TEST, SAMPLE] },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["type-only", "npm-peer"],
      },
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
