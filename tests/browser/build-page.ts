import { execFileSync } from "node:child_process";

/** Builds the page, so that what is tested is what is in web/ now. */
export default function setup(): void {
  execFileSync(process.execPath, ["../node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"], {
    cwd: "web",
    // The tests run with another one, with which React would be its larger, slower self.
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "inherit",
  });
}
