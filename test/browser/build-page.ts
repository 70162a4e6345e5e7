import { execFileSync } from "node:child_process";

/** Builds the page, so that what is tested is what is in web/ now. */
export default function setup(): void {
  execFileSync(process.execPath, ["../node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"], {
    cwd: "web",
    stdio: "inherit",
  });
}
