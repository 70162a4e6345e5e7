import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll } from "vitest";

const run = promisify(execFile);
const RUN_MS_MAX = 180_000;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty project outside this repository, with packages installed. */
export interface Project {
  readonly folder: string;
  /** What `npm install` wrote to stderr. */
  readonly warnings: string;
  write(file: string, text: string): void;
  /** Runs a file of the project with Node.js. @returns what it wrote to stdout */
  run(file: string, env?: Readonly<Record<string, string>>): Promise<string>;
  /** Compiles with this checkout's TypeScript. @returns the output; empty when there is no error */
  compile(options: Readonly<Record<string, unknown>>, ...flags: string[]): Promise<string>;
}

/** @param packages tarballs, or names for the registry */
export async function newProject(packages: readonly string[]): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-project-"));
  folders.push(folder);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write("package.json", JSON.stringify({ name: "app", private: true, type: "module" }));
  const install = ["install", "--no-audit", "--no-fund", "--prefer-offline", ...packages];
  const { stderr } = await run("npm", install, { cwd: folder });
  let compilations = 0;
  return {
    folder,
    warnings: stderr,
    write,
    async run(file, env = {}) {
      const options = {
        cwd: folder,
        timeout: RUN_MS_MAX,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      };
      return (await run(process.execPath, [file], options)).stdout;
    },
    async compile(options, ...flags) {
      const config = `tsconfig.${compilations++}.json`;
      write(config, JSON.stringify({ compilerOptions: options, include: ["*.ts", "*.cts"] }));
      const tsc = resolve("node_modules/typescript/bin/tsc");
      try {
        return (await run(process.execPath, [tsc, "-p", config, ...flags], { cwd: folder })).stdout;
      } catch (error) {
        return String((error as { stdout?: unknown }).stdout ?? error);
      }
    },
  };
}

/** Every package below `node_modules`, with its manifest. */
export function installedPackages(folder: string): readonly { name: string; engines?: { node?: string } }[] {
  const found: { name: string; engines?: { node?: string } }[] = [];
  const look = (modules: string) => {
    for (const name of entries(modules).filter((one) => !one.startsWith("."))) {
      const paths = name.startsWith("@")
        ? entries(join(modules, name)).map((inner) => join(modules, name, inner))
        : [join(modules, name)];
      for (const path of paths) {
        found.push(JSON.parse(readFileSync(join(path, "package.json"), "utf8")));
        look(join(path, "node_modules"));
      }
    }
  };
  look(join(folder, "node_modules"));
  return found;
}

function entries(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder) : [];
}

/** The bytes of all files below `node_modules`. */
export function installedBytes(folder: string): number {
  return readdirSync(join(folder, "node_modules"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
