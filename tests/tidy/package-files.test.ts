import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { publishPage } from "../../scripts/publish-page.mjs";
import { readTree } from "./tree.js";

/** How code finds a file of its own package. */
const OWN_PLACE = /\bimport\.meta\.(url|dirname|filename|resolve)\b|\b__(dirname|filename)\b/;
const PROGRAM = "a program, which the build replaces in place";

/**
 * The sources that read a file of their package while they run, and why a build beside a running
 * process does not take it away. All other texts, such as SQL and Lua, are embedded in the code.
 */
const READERS: Readonly<Record<string, string>> = {
  "packages/cli/src/package.ts": "package.json, which no build writes, and the path of the checkout",
  "packages/docking/src/embed/run-embed.ts": PROGRAM,
  "packages/embedded/src/index.ts": "the files of an empty database, which the build writes only once",
  "packages/lockstep/src/redis/connection.ts": "the installed ioredis",
  "packages/lockstep/src/worker/heartbeat-in-thread.ts": PROGRAM,
  "packages/scan/src/scanner/eslint.ts": "the installed ESLint and its plug-ins",
  "packages/scan/src/scanner/process.ts": PROGRAM,
  "packages/scan/src/scanner/secretlint.ts": "the installed secretlint",
  "packages/scan/src/shipped-sample.ts": "the sample, which the build replaces in place",
  "packages/server/src/service.ts": "the page, whose earlier assets the build keeps",
};

it("no source reads a file of its package while it runs, except those that a build leaves in place", () => {
  const readers = readTree("packages")
    .filter(({ path }) => /^[^/]+\/src\/.*\.tsx?$/.test(path) && !path.endsWith(".test.ts"))
    .filter(({ text }) => OWN_PLACE.test(text))
    .map(({ path }) => `packages/${path}`);
  expect(readers.sort()).toEqual(Object.keys(READERS).sort());
});

it("the build removes nothing from a package's dist/ itself: `publishPage` removes old assets of the page", () => {
  for (const name of ["build.mjs", "prepare-embedded.mjs"])
    expect(readFileSync(`scripts/${name}`, "utf8")).not.toMatch(/\b(rm|rmdir|unlink)(Sync)?\(|--clean\b/);
});

const folder = mkdtempSync(join(tmpdir(), "lockstep-build-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("a server that runs since before a build finds the assets of its page for a week", () => {
  const served = join(folder, "served");
  const build = (name: string) => {
    const built = join(folder, name);
    mkdirSync(join(built, "assets"), { recursive: true });
    writeFileSync(join(built, "index.html"), name);
    writeFileSync(join(built, "assets", `${name}.js`), name);
    publishPage(built, served);
    return readdirSync(join(served, "assets"));
  };
  const hoursPass = (hours: number, name: string) => {
    const then = new Date(Date.now() - hours * 3_600_000);
    utimesSync(join(served, "assets", `${name}.js`), then, then);
  };
  build("first");
  hoursPass(6 * 24, "first");
  expect(build("second")).toEqual(["first.js", "second.js"]);
  expect(readFileSync(join(served, "index.html"), "utf8")).toBe("second");
  hoursPass(8 * 24, "first");
  expect(build("second")).toEqual(["second.js"]);
  expect(existsSync(join(served, "index.html.new"))).toBe(false);
});
