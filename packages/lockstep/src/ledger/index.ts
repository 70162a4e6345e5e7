/**
 * The ledger: the tables that hold the truth, and the only code that changes them.
 *
 * What is true. One row of `jobs` is the job. Its status changes only along the transition table
 * (job/transition-table.ts). Each change adds one to `version` and writes one row to `transitions`,
 * in the same statement and commit. The database enforces this itself with CHECK constraints and
 * triggers (migrations/0001_schema.sql, functions/), for every writer: it refuses even a manual
 * UPDATE that would make the row false.
 *
 * Who may change it. Only the statements in sql/, one per file, each with its guard in its own
 * WHERE: the status before the change, and for a worker the attempt and the worker's id. A guard is
 * never a SELECT before an UPDATE.
 *
 * What happens in a crash. A statement is one commit: before it nothing has happened, after it
 * everything has. When the connection breaks in between, the caller does not know the result. It
 * repeats the settlement, the guard makes the repetition change nothing, and `classify_settlements`
 * distinguishes "recorded by me" from "taken away". Wake-ups (wake-up-bus.ts) go out after the
 * commit and may be lost with the process, so every reader also polls. A worker that dies leaves
 * running rows whose worker's heartbeat grows old. The sweeper of the elected process (election.ts,
 * maintenance.ts) makes them pending again, after a reclaim grace period if it was away itself or
 * the database's clock was set (clock-watch.ts).
 */
import {
  type Database,
  functionsOf,
  type MigrationStep,
  type Migrations,
  migrateDatabase,
  migrationScript,
  migrationsOf,
  planMigration,
} from "../database/index.js";
import { TEXTS as FUNCTIONS } from "./functions/texts.generated.js";
import { TEXTS as MIGRATIONS } from "./migrations/texts.generated.js";

export type * from "./archive-ledger.js";
export type * from "./batch.js";
export { BATCH_MEMBERS_MAX } from "./batch.js";
export {
  type BridgedJob,
  type BridgeStore,
  openBridgeStore,
  WALK_START,
  type WalkPage,
  type WalkPosition,
} from "./bridge.js";
export type { DatabaseClock } from "./database-clock.js";
export type { DoctorWrite, DoctorWrites, NewDoctorWrite } from "./doctor-writes.js";
export type { MaintenanceLeader } from "./election.js";
export type * from "./feed-event.js";
export type * from "./kind.js";
export { kindRecord, withVersionHash } from "./kind-record.js";
export type * from "./ledger.js";
export type * from "./limit.js";
export { Maintenance, type MaintenanceOptions } from "./maintenance.js";
export { type LedgerOptions, type OpenLedger, openLedger } from "./open-ledger.js";
export type * from "./projection.js";
export type * from "./read-models.js";
export type { FileReferences } from "./references.js";
export {
  type CatchUp,
  type NewSchedule,
  type PlanTicks,
  type Schedule,
  type ScheduleLedger,
  type SchedulePage,
  TickError,
  type TickOutcome,
  type TickPlan,
} from "./schedule.js";
export { BATCH_JOBS_MAX } from "./submit.js";
export type { WakeUpTransport } from "./wake-up-transport.js";
export type * from "./worker-ledger.js";

/** The schema of this version: its migrations, oldest first, and its functions. */
export function ledgerSchema(): Migrations {
  return { migrations: migrationsOf(MIGRATIONS), functions: functionsOf(FUNCTIONS) };
}

/**
 * Brings the database to the schema of this version. Several processes can safely run it at once.
 * @returns the names of the migrations and functions applied now
 * @throws LockstepError SCHEMA_NEWER, SCHEMA_CHANGED, SCHEMA_OLD, SCHEMA_NEEDS_SESSION
 */
export async function migrate(database: Database): Promise<{ applied: string[] }> {
  return migrateDatabase(database, ledgerSchema());
}

/** What {@link migrate} would do now; empty when the schema is up to date. */
export async function migrationSteps(database: Database): Promise<readonly MigrationStep[]> {
  return planMigration(database, database.schema, ledgerSchema());
}

/** The SQL that {@link migrate} would run now; empty when the schema is up to date. */
export async function migrationSql(database: Database): Promise<string> {
  return migrationScript(database, ledgerSchema());
}
