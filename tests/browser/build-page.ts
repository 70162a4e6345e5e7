import { execFileSync } from "node:child_process";

/** Builds the page, so that the tests use what is in packages/page now. */
export default function setup(): void {
  execFileSync(process.execPath, ["scripts/build.mjs", "--page"], { stdio: "inherit" });
}
