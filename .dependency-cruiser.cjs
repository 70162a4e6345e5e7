/** Turns the table of boundaries (scripts/boundaries/) into rules. Tests may look anywhere; everything else is held here. */
const { MODULES, EVERYWHERE, PARTS, EXCEPTIONS, DEPENDENCIES } = require("./scripts/boundaries/index.cjs");

const TEST = "\\.test\\.ts$";
const SAMPLE = "/sample/";
const CORE = "packages/lockstep";
/** What is built of the project, by its path or, where it is not built, by the name it is imported by. */
const OF_THE_PROJECT = "(^|/)packages/[^/]+/(src|dist)/|^lockstep(/|$)|^@lockstep/";

const escaped = (text) => text.replaceAll(".", "\\.").replaceAll("/", "\\/");
const place = ({ name, file }) => (file ? `^${CORE}/src/${name}\\.ts$` : `^${CORE}/src/${name}/`);
const entryOf = ({ name, file }) => `^${CORE}/src/${name}${file ? "" : "/index"}\\.ts$`;
const moduleNamed = (name) => MODULES.find((module) => module.name === name);

/** The ways by which a package imports a module of the core, or another package. */
function entries(name) {
  const module = moduleNamed(name);
  if (module) {
    const path = `(^|/)${CORE}/dist/${name}${module.file ? "" : "/index"}\\.(d\\.ts|js)$`;
    return [path, name === "index" ? "^lockstep$" : `^lockstep/internal/${name}$`];
  }
  const [, folder, inner = "index"] = /^@lockstep\/([^/]+)(?:\/internal\/(.+))?$/.exec(name);
  return [`(^|/)packages/${folder}/dist/${inner}\\.(d\\.ts|js)$`, `^${escaped(name)}$`];
}

/** What a row may import: what it names, and what everything may. */
const allowed = ({ name, imports }) => [...imports, ...EVERYWHERE.filter((one) => one !== name)];

function moduleStaysInside(row) {
  const { name, file, imports, because } = row;
  const exceptions = EXCEPTIONS.map((exception) => `^${escaped(exception.file)}$`);
  return {
    name: `${name} imports only: ${imports.join(", ") || "nothing"}`,
    comment: because,
    severity: "error",
    from: { path: place({ name, file }), pathNot: [TEST, ...exceptions] },
    to: {
      path: OF_THE_PROJECT,
      pathNot: [
        place({ name, file }),
        ...allowed(row).map((one) => entryOf(moduleNamed(one))),
        // The optional package of the embedded database has a row of its own below.
        ...entries("@lockstep/embedded"),
      ],
    },
  };
}

function partStaysInside(row) {
  const { name, at, imports, because } = row;
  const own = imports.includes("*") ? `^${/^packages\/[^/]+\/src\//.exec(at)[0]}` : `^${at}`;
  const others = allowed(row).filter((one) => one !== "*");
  return {
    name: `${name} imports only: ${others.join(", ") || "nothing"}`,
    comment: because,
    severity: "error",
    from: { path: `^${at}`, pathNot: [TEST, SAMPLE] },
    to: { path: OF_THE_PROJECT, pathNot: [own, ...others.flatMap(entries)] },
  };
}

function exception({ file, imports, because }) {
  const module = MODULES.find((row) => !row.file && file.startsWith(`${CORE}/src/${row.name}/`));
  return {
    name: `exception: ${file}`,
    comment: because,
    severity: "error",
    from: { path: `^${escaped(file)}$` },
    to: {
      path: OF_THE_PROJECT,
      pathNot: [place(module), ...[...allowed(module), ...imports].map((one) => entryOf(moduleNamed(one)))],
    },
  };
}

function importedOnlyIn({ name, only, because }) {
  const ours = name.startsWith("@lockstep/") ? entries(name) : [];
  return {
    name: `${name} is imported only in ${only.join(", ")}`,
    comment: because,
    severity: "error",
    from: {
      path: "^packages/[^/]+/src/",
      pathNot: [...only.map((folder) => `^${folder}`), "^packages/cli/src/", TEST, SAMPLE],
    },
    // Also by its bare name, which is how a package appears that is not installed.
    to: { path: [`((^|/)node_modules/${name}/)|^${name}$`, ...ours].join("|") },
  };
}

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...MODULES.map(moduleStaysInside),
    ...PARTS.map(partStaysInside),
    ...EXCEPTIONS.map(exception),
    ...DEPENDENCIES.map(importedOnlyIn),
    {
      name: "every module has a row",
      comment: "a new folder of packages/lockstep/src must say in the table what it imports, and why",
      severity: "error",
      from: { path: `^${CORE}/src/`, pathNot: [TEST, ...MODULES.map(place)] },
      to: {},
    },
    {
      name: "job does no I/O",
      comment:
        "what a job is stays pure, so that every module can share it and it is tested without a server; util describes values and does no I/O",
      severity: "error",
      from: { path: `^${CORE}/src/job/`, pathNot: TEST },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?util$" },
    },
    {
      name: "no cycles",
      comment: "a file that needs its own importer cannot be read, tested or moved alone",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { circular: true },
    },
    {
      name: "no import of tests",
      comment: "tests depend on the code, never the reverse",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: TEST },
      to: { path: ["^(tests|bench|chaos)/", "^packages/[^/]+/test/", TEST] },
    },
    {
      name: "no unresolvable import",
      comment: "an import that leads nowhere fails only when it is reached",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: SAMPLE },
      to: { couldNotResolve: true },
    },
    {
      name: "no undeclared dependency at run time",
      comment:
        "what a package's own package.json does not declare is not there once the package is installed; an optional peer may not be either, and is loaded where that is handled",
      severity: "error",
      from: { path: "^packages/(?!page/)[^/]+/src/", pathNot: [TEST, SAMPLE] },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["type-only", "npm-peer"],
      },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "/dist/"] },
    exclude: { path: [SAMPLE] },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
