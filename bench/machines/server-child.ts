import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface ServerChild {
  readonly url: string;
  readonly constantUrl: string;
  stop(): Promise<void>;
}

export interface ServerChildOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly dataDir: string;
  readonly constant: string;
}

export async function startServerChild(options: ServerChildOptions): Promise<ServerChild> {
  const program = fileURLToPath(new URL("./server-process.ts", import.meta.url));
  const child = fork(program, [JSON.stringify(options)], { stdio: "inherit" });
  const exited = once(child, "exit");
  const [addresses] = (await Promise.race([
    once(child, "message"),
    exited.then(([code]) => {
      throw new Error(`the server ended with ${code}`);
    }),
  ])) as [{ url: string; constantUrl: string }];
  return {
    ...addresses,
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}
