import type { Command } from "commander";
import { z } from "zod";
import type { ApiClient } from "../client/api-client.js";
import { ApiError } from "../client/api-error.js";
import { CLIENT_SETTINGS, type CliSession, defineCommand } from "../command.js";
import { durationText } from "../duration-text.js";
import { EXIT } from "../exit-codes.js";
import { secondsBetween } from "../job-text.js";
import { safeLine } from "../safe-text.js";

const Health = z.object({
  status: z.string().catch("not ready"),
  dependencies: z
    .array(
      z.object({ name: z.string(), status: z.string(), since: z.string(), latency_ms: z.number().nullish() }),
    )
    .catch([]),
  workers_live: z.number().nullish().catch(null),
  kinds: z
    .array(
      z.object({
        kind: z.string(),
        workers_live: z.number().nullable(),
        programs: z.array(z.object({ program: z.string(), debian_package: z.string() })),
      }),
    )
    .catch([]),
  version: z.string().nullish().catch(null),
  as_of: z.string().catch(() => new Date().toISOString()),
});

export function healthCommand(session: CliSession): Command {
  return defineCommand(session, {
    name: "health",
    summary: "Ask the server whether it can do its work",
    description:
      "Ask the server whether it and everything it depends on works. Exit code 0 when it is ready, 1 when it is not.",
    examples: ["lockstep health", "until lockstep health; do sleep 1; done"],
    settings: CLIENT_SETTINGS,
    async run({ terminal, json, client }) {
      const { ready, health } = await readHealth(client());
      const exitCode = ready ? EXIT.done : EXIT.failed;
      if (json) {
        terminal.json({ schema: "lockstep.health/1", ...health });
        return exitCode;
      }
      const { green, red, dim } = terminal.paint;
      const mark = (well: boolean, text: string) => (well ? green(`● ${text}`) : red(`✖ ${text}`));
      terminal.out(
        `server    ${mark(ready, health.status)}  ${dim(`version ${safeLine(health.version ?? "unknown")}`)}`,
      );
      for (const { name, status, since, latency_ms } of health.dependencies) {
        const latency = latency_ms == null ? "" : `, ${latency_ms.toFixed(1)} ms`;
        terminal.out(
          `${safeLine(name).padEnd(8)}  ${mark(status === "up", safeLine(status))}  ${dim(`for ${durationText(Math.max(0, secondsBetween(since, health.as_of)))}${latency}`)}`,
        );
      }
      if (health.workers_live != null)
        terminal.out(`workers   ${mark(health.workers_live > 0, `${health.workers_live} live`)}`);
      for (const { kind, workers_live, programs } of health.kinds) {
        if (workers_live !== 0 || programs.length === 0 || health.workers_live === 0) continue;
        const packages = programs.map((each) => safeLine(each.debian_package)).join(" ");
        terminal.out(
          `${safeLine(kind).padEnd(8)}  ${dim(`offered by no worker; its machine needs: apt-get install ${packages}`)}`,
        );
      }
      return exitCode;
    },
  });
}

/** A server that is not ready answers with a problem document that has the same members. */
async function readHealth(client: ApiClient): Promise<{ ready: boolean; health: z.output<typeof Health> }> {
  try {
    return { ready: true, health: Health.parse(await client.get("/health/ready")) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 503) throw error;
    return { ready: false, health: Health.parse({ ...error.problem, status: "not ready" }) };
  }
}
