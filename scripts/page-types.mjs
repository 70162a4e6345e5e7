// Writes packages/page/src/api/schema.d.ts: the types of the page's calls, from the API's own
// OpenAPI document. A test compares the file with what this would write, so the page always
// matches the API.
// Usage: npm run page-types
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTypes, { astToString } from "openapi-typescript";
import { pino } from "pino";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const TYPES_FILE = join(root, "packages", "page", "src", "api", "schema.d.ts");

/**
 * Prefixes of the addresses that the page calls. Only these are written, so that other routes do
 * not change the file.
 */
const CALLED = [
  "/api/batches",
  "/api/doctor",
  "/api/events",
  "/api/files",
  "/api/jobs",
  "/api/kinds",
  "/api/queues",
  "/api/session",
  "/api/stats",
  "/api/workers",
  "/health/ready",
];
const isCalled = (path) => CALLED.some((start) => path === start || path.startsWith(`${start}/`));

/** The text of the file for an OpenAPI document. */
export async function pageTypes(document) {
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => isCalled(path)));
  const schemas = referenced(paths, document.components.schemas);
  const types = await openapiTypes({ ...document, paths, components: { schemas } });
  const text = `// Written by scripts/page-types.mjs from the API's own document.\n${astToString(types)}`;
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  return execFileSync(biome, ["format", "--stdin-file-path", TYPES_FILE], {
    input: text,
    encoding: "utf8",
    cwd: root,
  });
}

/** The named schemas that a value refers to, directly or through another schema. */
function referenced(value, schemas, found = {}) {
  for (const [, name] of JSON.stringify(value).matchAll(/#\/components\/schemas\/(\w+)/g)) {
    if (name in found) continue;
    found[name] = schemas[name];
    referenced(schemas[name], schemas, found);
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The API's own document, from a server that was given no workload: what it says does not depend on
 * those.
 */
async function apiDocument() {
  const dataDir = mkdtempSync(join(tmpdir(), "lockstep-page-types-"));
  const { openService } = await import("@lockstep/server");
  const logger = pino({ level: "silent" });
  const service = await openService({ databaseUrl: null, dataDir, leaseSeconds: 30, logger });
  try {
    const { url } = await service.startServer({ host: "127.0.0.1", port: 0, version: "0" });
    return await (await fetch(`${url}/openapi.json`)).json();
  } finally {
    await service.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(TYPES_FILE, await pageTypes(await apiDocument()));
