import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Makes sure that a server program is installed: returns the result of `find`. When that is null,
 * installs the Debian package if this process may.
 * @throws Error naming the package when it is missing and cannot be installed
 */
export function findOrInstall<T>(debianPackage: string, find: () => T | null): T {
  const found = find();
  if (found !== null) return found;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(
      `The tests need ${debianPackage}, which is not installed. On Debian: sudo apt-get install ${debianPackage}`,
    );
  }
  aptInstall(debianPackage);
  const installed = find();
  if (installed === null)
    throw new Error(`${debianPackage} was installed, but its programs are not where they were expected.`);
  return installed;
}

function aptInstall(debianPackage: string): void {
  process.stderr.write(`${debianPackage} is missing: installing it with apt-get ...\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const stdio: ["ignore", "ignore", "inherit"] = ["ignore", "ignore", "inherit"];
  try {
    execFileSync("apt-get", ["update", "-q"], { env, stdio });
    execFileSync("apt-get", ["install", "-y", "-q", "--no-install-recommends", debianPackage], {
      env,
      stdio,
    });
  } catch (cause) {
    throw new Error(`apt-get could not install ${debianPackage}. Install it by hand, then run again.`, {
      cause,
    });
  }
}
