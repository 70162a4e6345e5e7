import { LockstepError } from "lockstep/internal/errors";
import type { KeyInfo, KeyStore, NewKey } from "lockstep/internal/keys";
import { type ApiClient, createApiClient } from "./client/api-client.js";
import type { Invocation } from "./command.js";
import { type Config, readConfig, type SettingName } from "./config.js";
import { createLogger } from "./log.js";
import { openRuntimeOf } from "./service.js";
import { UsageError } from "./usage-error.js";

/** The operations of the key commands, through the API or directly on the database. */
export type KeyAccess = Pick<KeyStore, "create" | "list" | "revoke">;

/**
 * Works directly on the database when this process can open it. Calls the API when another process
 * has the embedded database open, or when the caller named an API and no database.
 */
export async function withKeys(
  invocation: Invocation,
  work: (keys: KeyAccess) => Promise<void>,
): Promise<undefined> {
  const config = invocation.config();
  const runtime = namesOnlyAnApi(invocation) ? null : await openUnlessLocked(config, invocation);
  if (runtime === null) {
    await work(keysOverHttp(createApiClient(config.url, config.token)));
    return;
  }
  try {
    await work(runtime.keys);
  } finally {
    await runtime.close();
  }
}

function namesOnlyAnApi({ flags }: Invocation): boolean {
  const named = (name: SettingName) =>
    readConfig(flags()).settings.some((setting) => setting.name === name && setting.origin !== "default");
  return named("url") && !named("databaseUrl") && !named("dataDir");
}

async function openUnlessLocked(config: Config, { terminal }: Invocation) {
  try {
    return await openRuntimeOf(config, createLogger(config.logLevel, terminal));
  } catch (error) {
    if (error instanceof LockstepError && error.code === "DATA_DIR_LOCKED") return null;
    throw error;
  }
}

function keysOverHttp(client: ApiClient): KeyAccess {
  return {
    create: (key) => client.post<NewKey>("/api/keys", { body: key }),
    list: async () => (await client.get<{ keys: KeyInfo[] }>("/api/keys")).keys,
    revoke(id) {
      if (!/^[0-9a-f-]{36}$/i.test(id)) throw new UsageError(`not a key id: ${JSON.stringify(id)}`);
      return client.delete<KeyInfo>(`/api/keys/${id}`);
    },
  };
}
