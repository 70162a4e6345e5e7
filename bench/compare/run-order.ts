import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Figures } from "../report.js";
import type { Order } from "./order.js";

const FOLDER = fileURLToPath(new URL("../dist", import.meta.url));

/**
 * Compiles the program of the measurements, so that no loader of TypeScript takes CPU time and
 * memory in the measured process.
 * @returns the program's file
 */
export async function compileProgram(): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL("./child.ts", import.meta.url))],
    outdir: FOLDER,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  return `${FOLDER}/child.mjs`;
}

/** Carries out one order in its own process. */
export function runOrder(program: string, node: string, order: Order): Promise<Figures> {
  const child = fork(program, [JSON.stringify(order)], {
    execPath: node,
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    let figures: Figures | null = null;
    child.once("message", (message) => {
      figures = message as Figures;
    });
    child.once("exit", (code) => {
      if (figures) resolve(figures);
      else reject(new Error(`${order.contender} gave no figures for ${order.what} (exit ${code})`));
    });
  });
}
