import { readFileSync } from "node:fs";

/** The version of an installed package; a benchmark runs in the project's folder. */
export function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")) as {
    version: string;
  };
  return version;
}
