import type { Database } from "../database/index.js";
import { NIL_ID } from "../job/index.js";
import { statement } from "./statements.js";

const WALK_JOBS_MAX = 5_000;

/** Which files are still needed. */
export interface FileReferences {
  /** Those of these jobs that were archived: nobody reads their files any more. */
  archivedAmong(jobIds: readonly string[]): Promise<readonly string[]>;
  /**
   * Those of these file ids that no job in the ledger and no schedule names in its input. It walks
   * over all jobs, and then once more over the jobs that were added meanwhile.
   */
  unnamed(fileIds: readonly string[]): Promise<readonly string[]>;
}

export function createFileReferences(database: Database): FileReferences {
  return {
    async archivedAmong(jobIds) {
      const { rows } = await database.query<{ id: string }>(statement("archived_among"), [jobIds]);
      return rows.map((row) => row.id);
    },
    async unnamed(fileIds) {
      const open = new Set(fileIds);
      const { rows } = await database.query<{ named: string[] }>(statement("named_in_schedules"), [fileIds]);
      for (const id of rows[0]?.named ?? []) open.delete(id);
      for (let after = NIL_ID; open.size > 0; ) {
        const page = await database.query<{ named: string[]; last: string | null }>(
          statement("named_in_jobs"),
          [[...open], after, WALK_JOBS_MAX],
        );
        const { named = [], last = null } = page.rows[0] ?? {};
        for (const id of named) open.delete(id);
        if (last === null) break;
        after = last;
      }
      return [...open];
    },
  };
}
