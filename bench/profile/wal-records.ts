import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import pg from "pg";
import type { Postgres } from "../../tests/servers/postgres.js";
import { postgresPrograms } from "../../tests/servers/programs.js";
import type { Row } from "./print.js";

const ROWS_MAX = 14;

export async function walPosition(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ lsn: string }>("select pg_current_wal_flush_lsn()::text as lsn");
  await client.end();
  return rows[0]?.lsn ?? "0/0";
}

/** Bytes a job of each kind of record, as `pg_waldump` counts them. `bytes` include full pages. */
export function walByRecord(
  postgres: Postgres,
  { from, to }: { readonly from: string; readonly to: string },
  jobs: number,
): Row[] {
  const folder = join(dirname(postgres.logFile), "data/pg_wal");
  const text = execFileSync(
    join(postgresPrograms(), "pg_waldump"),
    ["--path", folder, "--stats=record", "--start", from, "--end", to],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  return parsedStats(text)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, ROWS_MAX)
    .map(({ record, count, bytes, pages }) => ({
      bytes: bytes / jobs,
      "records/job": count / jobs,
      "full pages": pages / jobs,
      record,
    }));
}

/** `Heap/INSERT 123 ( 4.56) 789 ( 1.23) 0 ( 0.00) 789 ( 1.23)`: count, record, pages, both. */
export function parsedStats(
  text: string,
): { readonly record: string; readonly count: number; readonly bytes: number; readonly pages: number }[] {
  return text.split("\n").flatMap((line) => {
    const found = /^(\w+\/\S.*?)\s{2,}(\d+) \(.*?\)\s+(\d+) \(.*?\)\s+(\d+) \(.*?\)\s+(\d+) \(/.exec(line);
    if (!found) return [];
    const [, record = "", count, , pages, bytes] = found;
    return [{ record, count: Number(count), pages: Number(pages), bytes: Number(bytes) }];
  });
}
