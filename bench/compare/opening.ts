import { createLockstep, defineJob } from "lockstep";
import pino from "pino";
import { z } from "zod";
import type { Figures } from "../report.js";

/** How long `createLockstep` takes with an embedded database in an empty folder. */
export async function measureOpening(
  dataDir: string,
): Promise<{ readonly figures: Figures; close(): Promise<void> }> {
  const noop = defineJob({ kind: "noop", input: z.looseObject({}), run: () => null });
  const began = performance.now();
  const lockstep = await createLockstep({ dataDir, jobs: [noop], logger: pino({ level: "silent" }) });
  return {
    figures: { "fresh embedded createLockstep ms": performance.now() - began },
    close: () => lockstep.close(),
  };
}
