import type { Database } from "../database/index.js";
import { isId } from "../job/index.js";
import { statement } from "./statements.js";

const KEPT_SECONDS = 90 * 86_400;
const LIMIT_MAX = 1_000;

/** One write of the doctor to one of Lockstep's own stores. */
export interface DoctorWrite {
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  readonly actor: string;
  /** null: the write had no plan. */
  readonly run: string | null;
  readonly view: string;
  readonly job_id: string;
  readonly action: "refresh" | "restore" | "enqueue";
  /** null: it is unknown whether the write was made. */
  readonly outcome: "written" | "changed" | "refused" | null;
}

export type NewDoctorWrite = Omit<DoctorWrite, "id" | "at" | "outcome">;

/** The record of the doctor's writes. It changes no job. */
export interface DoctorWrites {
  /**
   * Records a write before it is made.
   * @returns the id to pass to `end`
   */
  begin(write: NewDoctorWrite): Promise<string>;
  end(id: string, outcome: NonNullable<DoctorWrite["outcome"]>): Promise<void>;
  /**
   * The recorded writes, newest first.
   * @param options.limit 1 to 1,000
   * @param options.before an id from an earlier answer
   */
  list(options: {
    readonly jobId?: string | null;
    readonly before?: string | null;
    readonly limit: number;
  }): Promise<readonly DoctorWrite[]>;
  /** Removes records older than 90 days. */
  forget(): Promise<void>;
}

export function createDoctorWrites(database: Database): DoctorWrites {
  return {
    async begin({ actor, run, view, job_id, action }) {
      const values = [actor, run, view, job_id, action];
      const { rows } = await database.query<{ id: string }>(statement("add_doctor_write"), values);
      return rows[0]?.id ?? "0";
    },
    end: async (id, outcome) => void (await database.query(statement("end_doctor_write"), [id, outcome])),
    async list({ jobId = null, before = null, limit }) {
      if ((jobId !== null && !isId(jobId)) || (before !== null && !/^\d{1,18}$/.test(before))) return [];
      const values = [jobId, before, Math.min(LIMIT_MAX, Math.max(1, limit))];
      return (await database.query<DoctorWrite>(statement("list_doctor_writes"), values)).rows;
    },
    forget: async () => void (await database.query(statement("delete_old_doctor_writes"), [KEPT_SECONDS])),
  };
}
