// Adds to package-lock.json the optional packages of other platforms that npm left out. npm leaves
// them out when its registry does not have them, and `npm ci` then refuses the lock on every
// platform. Run it after `npm install`; it changes nothing when nothing is missing.
import { readFileSync, writeFileSync } from "node:fs";

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = [
  "arm",
  "arm64",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const added = Object.entries(lock.packages).flatMap(([path, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !isFound(name, path))
    .map(([name, version]) => [`node_modules/${name}`, missingEntry(name, version, entry)]),
);
if (added.length > 0) {
  const entries = [...Object.entries(lock.packages), ...added];
  lock.packages = Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, "en")));
  writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(
  added.length === 0 ? "package-lock.json is complete" : `added ${added.length} entries to package-lock.json`,
);

/** Whether a package required in a folder is locked there or in a folder above it. */
function isFound(name, from) {
  for (let path = from; ; path = path.slice(0, Math.max(0, path.lastIndexOf("/node_modules/")))) {
    if (lock.packages[`${path}${path && "/"}node_modules/${name}`]) return true;
    if (path === "") return false;
  }
}

/**
 * What npm would write, without the checksum, which only the registry knows. The name says the
 * platform.
 */
function missingEntry(name, version, parent) {
  if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${name} has a range, ${version}: lock it by hand`);
  const words = name.split(/[/-]/);
  const os = words.filter((word) => SYSTEMS.includes(word));
  const cpu = words.filter((word) => PROCESSORS.includes(word));
  if (os.length !== 1 || cpu.length !== 1)
    throw new Error(`${name} does not say its platform: lock it by hand`);
  const libc = words.some((word) => word.startsWith("musl")) ? { libc: ["musl"] } : {};
  return { version, cpu, ...(parent.dev ? { dev: true } : {}), ...libc, optional: true, os };
}
