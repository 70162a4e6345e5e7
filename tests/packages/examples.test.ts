import { join } from "node:path";
import { build } from "esbuild";
import { Redis as RedisClient } from "ioredis";
import pg from "pg";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshDatabase } from "../servers/database.js";
import { type Redis, startRedis } from "../servers/redis.js";
import { asCommonJs, firstExample } from "./first-example.js";
import { newProject, type Project } from "./project.js";
import { published, tarballsFor } from "./published.js";

interface Example {
  readonly name: string;
  /** Our packages that its README installs beside it. */
  readonly beside: readonly string[];
  readonly prints: string;
  /** Packages of others that it needs. */
  readonly others?: readonly string[];
  /** Prepares the stores it works on. @returns its environment */
  readonly stores?: () => Promise<Readonly<Record<string, string>>>;
}

const EXAMPLES: readonly Example[] = [
  { name: "lockstep", beside: ["@lockstep/embedded"], prints: "completed 16000\n" },
  { name: "@lockstep/embedded", beside: ["lockstep"], prints: "Hello Ada\n" },
  { name: "@lockstep/server", beside: ["@lockstep/embedded"], prints: "Hello Ada\n", others: ["pino@10"] },
  { name: "@lockstep/scan", beside: [], prints: "scan scan <target>\n" },
  { name: "@lockstep/docking", beside: [], prints: "docking vina, obabel\n" },
  { name: "@lockstep/doctor", beside: [], prints: "drift stuck-running: 1\n", stores: stuckJob },
  {
    name: "@lockstep/bullmq",
    beside: [],
    prints: "{ completed: 1 }\n",
    others: ["bullmq@6", "ioredis@6"],
    stores: bothServers,
  },
];

/** The packages a bundler leaves out: they are optional, or have files of their own. */
const LEFT_OUTSIDE = [
  "ioredis",
  "aws4fetch",
  "pg",
  "pino",
  "bullmq",
  "mysql2",
  "@photostructure/sqlite",
  "fastify",
  "@fastify/*",
  "eslint*",
];

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2023",
};

describe.each(EXAMPLES)("the first example of $name", ({ name, beside, prints, others = [], stores }) => {
  const program = firstExample(published(name).folder);
  let project: Project;
  beforeAll(async () => {
    const tarballs = new Set([name, ...beside].flatMap((one) => tarballsFor(one)));
    project = await newProject([...tarballs, "@types/node@20", "zod@4", ...others]);
  });
  const run = async (file: string, text: string, module: ts.ModuleKind) => {
    const options = { module, target: ts.ScriptTarget.ES2023 };
    project.write(file, ts.transpileModule(text, { compilerOptions: options }).outputText);
    expect(await project.run(file, await stores?.())).toBe(prints);
  };

  it("compiles, with NodeNext and with a bundler's resolution", async () => {
    project.write("main.ts", program);
    const compile = (options: object) => project.compile({ ...strict, ...options, types: ["node"] });
    const nodeNext = compile({ module: "nodenext" });
    const bundler = compile({ module: "preserve", moduleResolution: "bundler" });
    expect(await Promise.all([nodeNext, bundler])).toEqual(["", ""]);
  });

  it("runs as ESM", () => run("main.mjs", program, ts.ModuleKind.ESNext));

  it("runs as CommonJS", () => run("main.cjs", asCommonJs(program), ts.ModuleKind.CommonJS));

  it("runs bundled into one file", async () => {
    project.write("entry.ts", program);
    await build({
      absWorkingDir: project.folder,
      entryPoints: ["entry.ts"],
      outfile: join(project.folder, "bundled.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      // What CommonJS packages inside the bundle need.
      banner: {
        js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
      },
      // Packages that are optional, or have files of their own.
      external: ["@lockstep/embedded", ...LEFT_OUTSIDE],
      logLevel: "error",
    });
    expect(await project.run("bundled.mjs", await stores?.())).toBe(prints);
  });
});

let redis: Redis | undefined;
afterAll(() => redis?.remove());

async function bothServers(): Promise<Readonly<Record<string, string>>> {
  redis ??= await startRedis();
  const client = new RedisClient(redis.url);
  await client.flushall();
  await client.quit();
  return { REDIS_URL: redis.url, DATABASE_URL: (await freshDatabase()).url };
}

/** A job that is completed in the queue and in progress in the table. */
async function stuckJob(): Promise<Readonly<Record<string, string>>> {
  const stores = await bothServers();
  const client = new RedisClient(stores.REDIS_URL ?? "");
  await client.hset("jobs", { a: '{"status":"COMPLETED"}', b: '{"status":"COMPLETED"}' });
  await client.quit();
  const database = new pg.Client(stores.DATABASE_URL);
  await database.connect();
  await database.query("create table scans (id text primary key, status text not null)");
  await database.query("insert into scans values ('a', 'IN_PROGRESS'), ('b', 'COMPLETED')");
  await database.end();
  return stores;
}
