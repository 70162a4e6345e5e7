/**
 * The command line with one workload, whose jobs break the rules for handlers. The arguments are
 * the command line's own.
 */
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { defineJob } from "lockstep/internal/job";
import { defineWorkload } from "lockstep/internal/workload";
import { z } from "zod";
import { EXIT } from "../src/exit-codes.js";
import { buildProgram } from "../src/program.js";
import { createTerminal } from "../src/terminal.js";

const fault = defineWorkload({
  kind: "fault",
  job: () =>
    defineJob({
      kind: "fault",
      retry: { baseDelay: "10m" },
      input: z.strictObject({
        does: z.enum(["wait", "reject", "throw", "throw and return"]),
        /** Exists when the handler runs. */
        running: z.string().optional(),
        /** The handler returns when it exists. */
        gate: z.string().optional(),
      }),
      async run({ does, running, gate }) {
        if (running !== undefined) writeFileSync(running, "");
        if (does === "reject") void Promise.reject(new Error("nobody waits for this"));
        if (does.startsWith("throw"))
          setTimeout(() => {
            throw new Error("nobody catches this");
          });
        if (does === "throw") await new Promise(() => undefined);
        while (gate !== undefined && !existsSync(gate)) await delay(10);
        return { does };
      },
    }),
});

const session = {
  terminal: createTerminal(process, { color: false, columns: null }),
  workloads: [fault],
  exitCode: EXIT.done as number,
};
await buildProgram(session as Parameters<typeof buildProgram>[0], "0").parseAsync(process.argv.slice(2), {
  from: "user",
});
process.exitCode = session.exitCode;
