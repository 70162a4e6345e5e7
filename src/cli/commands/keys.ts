import { type Command, Option } from "commander";
import type { Config } from "../../config.js";
import { LockstepError } from "../../errors.js";
import { type KeyInfo, type KeyStore, type NewKey, ROLES, type Role } from "../../keys/index.js";
import { type ApiClient, createApiClient } from "../client/api-client.js";
import { defineCommand, defineGroup, type Invocation, type Session } from "../command.js";
import { confirm } from "../confirm.js";
import { agoText } from "../duration-text.js";
import { EXIT } from "../exit-codes.js";
import { createLogger } from "../log.js";
import { safeLine } from "../safe-text.js";
import { openPartsOf } from "../service.js";
import { renderTable } from "../table.js";
import { UsageError } from "../usage-error.js";

const SETTINGS = ["url", "databaseUrl", "dataDir"] as const;

type KeyAccess = Pick<KeyStore, "create" | "list" | "revoke">;

export function keysCommand(session: Session): Command {
  return defineGroup(
    {
      name: "keys",
      summary: "Create, list and revoke API keys",
      examples: ["lockstep keys create ci --role submit", "lockstep keys list"],
    },
    [createCommand(session), listCommand(session), revokeCommand(session)],
  );
}

function createCommand(session: Session): Command {
  return defineCommand<{ role: Role }>(session, {
    name: "create <name>",
    summary: "Create an API key and print its secret, once",
    description:
      "Create an API key and print its secret, which is shown this once and kept nowhere. Roles: read < submit < operate < admin; work is for workers. As soon as one key exists, every call needs one.",
    examples: [
      "lockstep keys create ci --role submit",
      "export LOCKSTEP_TOKEN=$(lockstep keys create me --role admin)",
    ],
    settings: SETTINGS,
    options: [new Option("--role <role>", "what the key may do").choices(ROLES).default("submit")],
    run: (invocation) =>
      withKeys(invocation, async (keys) => {
        const { terminal, json, args, options } = invocation;
        const key = await keys.create({ name: args[0] ?? "", role: options.role });
        if (json) return terminal.json({ schema: "lockstep.key/1", ...key });
        terminal.note(
          `Key ${safeLine(key.name)} (${key.role}), id ${key.id}. Keep the secret: it is not shown again.`,
        );
        terminal.out(key.token);
      }),
  });
}

function listCommand(session: Session): Command {
  return defineCommand(session, {
    name: "list",
    summary: "List API keys, without their secrets",
    examples: ["lockstep keys list"],
    settings: SETTINGS,
    run: (invocation) =>
      withKeys(invocation, async (keys) => {
        const { terminal, json } = invocation;
        const all = await keys.list();
        if (json) return terminal.json({ schema: "lockstep.keys/1", keys: all });
        if (all.length === 0) return terminal.note("No keys: on this machine everyone may do everything.");
        const now = new Date().toISOString();
        const columns = [
          { title: "ID", cell: (key: KeyInfo) => key.id },
          { title: "NAME", cell: (key: KeyInfo) => safeLine(key.name), shrinkTo: 8 },
          { title: "ROLE", cell: (key: KeyInfo) => key.role },
          { title: "CREATED", cell: (key: KeyInfo) => agoText(key.created_at, now) },
          {
            title: "REVOKED",
            cell: (key: KeyInfo) => (key.revoked_at === null ? "-" : agoText(key.revoked_at, now)),
          },
        ];
        terminal.out(renderTable(columns, all, terminal.width));
      }),
  });
}

function revokeCommand(session: Session): Command {
  return defineCommand<{ yes?: boolean }>(session, {
    name: "revoke <id>",
    summary: "Revoke an API key",
    description: "Revoke an API key, for good. Other processes notice within five seconds.",
    examples: ["lockstep keys revoke 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e --yes"],
    settings: SETTINGS,
    options: [new Option("-y, --yes", "do not ask")],
    async run(invocation) {
      const { terminal, json, args, options } = invocation;
      if (
        !(await confirm(`Revoke key ${safeLine(args[0] ?? "")} for good?`, {
          yes: options.yes === true,
          terminal,
        }))
      ) {
        terminal.note("Not revoked.");
        return EXIT.failed;
      }
      return await withKeys(invocation, async (keys) => {
        const key = await keys.revoke(args[0] ?? "");
        if (json) terminal.json({ schema: "lockstep.key/1", ...key });
        else terminal.out(`Revoked ${safeLine(key.name)}.`);
      });
    },
  });
}

/** Works on the database where this process can open it; else the process that has it is asked over HTTP. */
async function withKeys(
  invocation: Invocation,
  work: (keys: KeyAccess) => Promise<void>,
): Promise<undefined> {
  const config = invocation.config();
  const parts = await openKeys(config, invocation);
  if (parts === null) return void (await work(keysOverHttp(createApiClient(config.url, config.token))));
  try {
    await work(parts.keys);
  } finally {
    await parts.close();
  }
}

async function openKeys(config: Config, { terminal }: Invocation) {
  try {
    return await openPartsOf(config, createLogger(config.logLevel, terminal));
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
