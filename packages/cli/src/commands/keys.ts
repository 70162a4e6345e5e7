import { type Command, Option } from "commander";
import { type KeyInfo, ROLES, type Role } from "lockstep/internal/keys";
import { type CliSession, defineCommand, defineGroup } from "../command.js";
import { confirm } from "../confirm.js";
import { agoText } from "../duration-text.js";
import { EXIT } from "../exit-codes.js";
import { withKeys } from "../key-access.js";
import { safeLine } from "../safe-text.js";
import { renderTable } from "../table.js";

const SETTINGS = ["url", "databaseUrl", "schema", "dataDir"] as const;

export function keysCommand(session: CliSession): Command {
  return defineGroup(
    {
      name: "keys",
      summary: "Create, list and revoke API keys",
      examples: ["lockstep keys create ci --role submit", "lockstep keys list"],
    },
    [createCommand(session), listCommand(session), revokeCommand(session)],
  );
}

function createCommand(session: CliSession): Command {
  return defineCommand<{ role: Role }>(session, {
    name: "create <name>",
    summary: "Create an API key and print its secret, once",
    description:
      "Create an API key and print its secret, which is shown only once and stored nowhere. Roles: read < submit < operate < admin; work is for workers. From the first key on, every call needs one, also when all are revoked. The first key is created here, on the database itself; stop a process that has the embedded database open before.",
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

function listCommand(session: CliSession): Command {
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

function revokeCommand(session: CliSession): Command {
  return defineCommand<{ yes?: boolean }>(session, {
    name: "revoke <id>",
    summary: "Revoke an API key",
    description: "Revoke an API key permanently. Other processes notice within five seconds.",
    examples: ["lockstep keys revoke 0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e --yes"],
    settings: SETTINGS,
    options: [new Option("-y, --yes", "do not ask")],
    async run(invocation) {
      const { terminal, json, args, options } = invocation;
      if (
        !(await confirm(`Revoke key ${safeLine(args[0] ?? "")} permanently?`, {
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
