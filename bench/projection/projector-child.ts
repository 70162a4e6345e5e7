import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ProjectorStatus } from "lockstep/internal/redis";

export type ProjectorReport = ProjectorStatus & { readonly cpuSeconds: number; readonly rssMiB: number };

export interface ProjectorChild {
  /** Ends it. @returns what it did */
  stop(): Promise<ProjectorReport>;
  /** Kills it. */
  kill(): void;
}

export function startProjectorChild(databaseUrl: string, redisUrl: string): ProjectorChild {
  const program = fileURLToPath(new URL("./projector-process.ts", import.meta.url));
  const child: ChildProcess = fork(program, [databaseUrl, redisUrl], { stdio: "inherit" });
  return {
    async stop() {
      const reported = once(child, "message") as Promise<[ProjectorReport]>;
      const exited = once(child, "exit");
      child.send("stop");
      const [report] = await reported;
      await exited;
      return report;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}
