import { join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { asCommonJs, firstExample } from "./first-example.js";
import { newProject, type Project } from "./project.js";
import { published, tarballsFor } from "./published.js";

interface Example {
  readonly name: string;
  /** Packages that its README installs beside it. */
  readonly beside: readonly string[];
  readonly prints: string;
}

const EXAMPLES: readonly Example[] = [
  { name: "lockstep", beside: ["@lockstep/embedded"], prints: "completed 16000\n" },
  { name: "@lockstep/embedded", beside: ["lockstep"], prints: "Hello Ada\n" },
];

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2023",
};

describe.each(EXAMPLES)("the first example of $name", ({ name, beside, prints }) => {
  const program = firstExample(published(name).folder);
  let project: Project;
  beforeAll(async () => {
    const tarballs = new Set([name, ...beside].flatMap((one) => tarballsFor(one)));
    project = await newProject([...tarballs, "@types/node@20", "zod@4"]);
  });
  const run = async (file: string, text: string, module: ts.ModuleKind) => {
    const options = { module, target: ts.ScriptTarget.ES2023 };
    project.write(file, ts.transpileModule(text, { compilerOptions: options }).outputText);
    expect(await project.run(file)).toBe(prints);
  };

  it("compiles, with NodeNext and with a bundler's resolution", async () => {
    project.write("main.ts", program);
    expect(await project.compile({ ...strict, module: "nodenext", types: ["node"] })).toBe("");
    const bundler = { module: "preserve", moduleResolution: "bundler", types: ["node"] };
    expect(await project.compile({ ...strict, ...bundler })).toBe("");
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
      // What is optional, or brings files of its own.
      external: ["@lockstep/embedded", "ioredis", "aws4fetch", "pg", "pino"],
      logLevel: "error",
    });
    expect(await project.run("bundled.mjs")).toBe(prints);
  });
});
