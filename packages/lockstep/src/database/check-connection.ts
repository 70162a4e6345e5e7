/**
 * What every new connection is asked before it is used, in one round trip: whether the server is a
 * primary that can write, whether it is the database this process has used from the start, and
 * whether a commit is durable when it is answered.
 */
import type pg from "pg";
import { DatabaseUnavailableError } from "../errors.js";
import type { DatabaseLog } from "./database.js";
import { sqlState } from "./sql-state.js";

const CHECK_TIMEOUT_MS = 5_000;
/** Some hosted servers do not offer the functions that read the control file. */
const NOT_OFFERED = ["42501", "42883", "0A000"];
const CLUSTER = "(pg_control_system()).system_identifier::text";

/**
 * An asynchronous commit may be lost after it was answered. Every stronger level stays as it is.
 */
export const RAISE_SYNCHRONOUS_COMMIT =
  "select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'";

interface CheckOptions {
  /** The database in words, for messages. */
  readonly where: string;
  readonly databaseName: string;
  /** Whether a connection is a session of the server, whose settings are ours. */
  readonly sessions: boolean;
  readonly log: DatabaseLog | undefined;
}

export interface ConnectionCheck {
  /** @throws DatabaseUnavailableError when the server is not the one to write to */
  check(client: pg.ClientBase): Promise<void>;
  /** Whether connections were found on which a commit is asynchronous unless it is raised. */
  readonly foundAsynchronous: boolean;
}

interface Answer {
  readonly standby: boolean;
  readonly read_only: boolean;
  readonly cluster: string | null;
  readonly database: string;
  readonly level: string;
}

/** The check for all connections of one database; it remembers the first cluster it saw. */
export function createConnectionCheck({ where, databaseName, sessions, log }: CheckOptions): ConnectionCheck {
  let first: Answer | null = null;
  let isClusterOffered = true;
  let foundAsynchronous = false;
  const unavailable = (why: string) => new DatabaseUnavailableError(`${where} is unavailable: ${why}.`, null);

  const read = async (client: pg.ClientBase): Promise<Answer> => {
    try {
      return await ask(client, checkText(isClusterOffered ? CLUSTER : "null", sessions));
    } catch (error) {
      if (!isClusterOffered || !NOT_OFFERED.includes(sqlState(error) ?? "")) throw error;
      isClusterOffered = false;
      return await read(client);
    }
  };
  return {
    get foundAsynchronous() {
      return foundAsynchronous;
    },
    async check(client) {
      const answer = await read(client);
      if (answer.standby) throw unavailable("the server is a standby, and only a primary can record jobs");
      if (answer.read_only) throw unavailable("the database is read-only (default_transaction_read_only)");
      first ??= answer;
      if (answer.cluster !== first.cluster)
        throw unavailable(
          "it belongs to another cluster than the one this process has used; restart the process if that is meant",
        );
      if (answer.database !== first.database)
        throw unavailable(
          "it is another database than the one this process has used; restart the process if that is meant",
        );
      if (answer.level !== "off" || foundAsynchronous) return;
      foundAsynchronous = true;
      log?.warn(
        { database: databaseName },
        "synchronous_commit is off on the server; Lockstep's own connections use on, because a job that was acknowledged must not be lost",
      );
    },
  };
}

function checkText(cluster: string, sessions: boolean): string {
  // A setting made behind a pooler would stay with a session that other programs use.
  const raised = sessions
    ? "case when level = 'off' then set_config('synchronous_commit', 'on', false) end"
    : "null";
  return `
    select
      pg_is_in_recovery() as standby,
      current_setting('transaction_read_only') = 'on' as read_only,
      ${cluster} as cluster,
      (select oid::text from pg_database where datname = current_database()) as database,
      level,
      ${raised} as raised
    from (select current_setting('synchronous_commit') as level offset 0) s`;
}

async function ask(client: pg.ClientBase, text: string): Promise<Answer> {
  const query: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: CHECK_TIMEOUT_MS };
  const [answer] = (await client.query<Answer>(query)).rows;
  if (answer === undefined) throw new Error("the check of a new connection returned no row");
  return answer;
}
