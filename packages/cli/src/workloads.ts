import type { Service } from "@lockstep/server/internal/service";
import type { AnyJobDefinition } from "lockstep/internal/job";
import type { Config } from "./config.js";

/** The kinds of jobs that come with Lockstep. */
export async function shippedJobs(
  { files }: Pick<Service, "files">,
  { scanRoots, scanAllowPrivate }: Pick<Config, "scanRoots" | "scanAllowPrivate">,
): Promise<readonly AnyJobDefinition[]> {
  const { scanJob } = await import("@lockstep/scan");
  const { dockingJob } = await import("@lockstep/docking");
  return [
    scanJob({ roots: [...scanRoots], store: files, allowPrivateAddresses: scanAllowPrivate }),
    dockingJob({ store: files }),
  ];
}
