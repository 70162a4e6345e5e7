import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Database } from "../database/index.js";
import { createLoop } from "../timing/index.js";
import { type WatchedClock, watchClock } from "./clock-watch.js";
import { statement } from "./statements.js";

/** Between two beats of the leader, and between two looks of a standby. */
const BEAT_MS = 1_000;
/** A leader whose beat has not changed for this long counts as gone. */
const SILENT_MS_MAX = 5_000;
/** A leader that cannot send its beat stops leading before another one takes over. */
const UNSENT_MS_MAX = 4_000;

/** The process that runs the maintenance. */
export interface MaintenanceLeader {
  /** New for each start of the maintenance. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** RFC 3339. */
  readonly since: string;
}

export interface ElectionOptions {
  readonly database: Database;
  /** Called when this process begins to lead. */
  onElected(): void;
  /** Called when this process no longer leads. */
  onReplaced(): void;
  onError(error: unknown): void;
}

interface LeadRow {
  readonly leads: boolean;
  readonly leader: string | null;
  readonly beat: string;
  readonly now: number;
  readonly started: string;
}

interface SeenBeat {
  readonly leader: string;
  readonly beat: string;
  /** Since when it has not changed, by this process's monotonic clock. */
  readonly sinceMs: number;
}

/**
 * Elects one of the processes that use a ledger, by a row that the leader changes every second.
 * The others stand by. One of them takes over at once when the leader stops, and within about seven
 * seconds when it is killed, stopped or cut off. A leader that wakes up from a longer stop may
 * finish one statement before it notices that it was replaced, so each statement must be safe when
 * two processes run it.
 */
export class Election {
  readonly #options: ElectionOptions;
  readonly #id = randomUUID();
  readonly #beats = createLoop(() => this.#beat());
  #seen: SeenBeat | null = null;
  #leads = false;
  #sentAt = 0;
  #clock: WatchedClock | null = null;

  constructor(options: ElectionOptions) {
    this.#options = options;
  }

  get leads(): boolean {
    return this.#leads;
  }

  /** The database's clock at the latest beat; null before the first one. */
  get clock(): WatchedClock | null {
    return this.#clock;
  }

  start(): void {
    this.#beats.start();
  }

  /** Stops leading. The work must have ended before `leave` is called. */
  async stop(): Promise<void> {
    await this.#beats.stop();
    this.#seen = null;
    this.#setLeads(false);
  }

  /** Lets another process take over at once. If it fails, one does after some seconds. */
  async leave(): Promise<void> {
    await this.#options.database
      .query(statement("leave_maintenance"), [this.#id])
      .catch((error: unknown) => this.#options.onError(error));
  }

  /** @returns milliseconds until the next beat */
  async #beat(): Promise<number> {
    const beganMs = performance.now();
    try {
      this.#heard(await this.#lead(beganMs));
    } catch (error) {
      // How long the leader was silent is not known when this process could not look.
      this.#seen = null;
      if (this.#leads && beganMs - this.#sentAt > UNSENT_MS_MAX) this.#setLeads(false);
      this.#options.onError(error);
    }
    return Math.max(0, BEAT_MS - (performance.now() - beganMs));
  }

  async #lead(beganMs: number): Promise<LeadRow> {
    const seen = this.#seen;
    const gone = seen !== null && beganMs - seen.sinceMs >= SILENT_MS_MAX ? seen : null;
    const { rows } = await this.#options.database.query<LeadRow>(statement("lead_maintenance"), [
      this.#id,
      hostname(),
      process.pid,
      gone?.leader ?? null,
      gone?.beat ?? null,
    ]);
    const [row] = rows;
    if (row === undefined) throw new Error("the row of the maintenance leader is missing");
    if (row.leads) this.#sentAt = beganMs;
    return row;
  }

  #heard({ leads, leader, beat, now, started }: LeadRow): void {
    const atMs = performance.now();
    this.#clock = watchClock(this.#clock, { now, serverStart: started, atMs });
    const isSame = this.#seen?.leader === leader && this.#seen?.beat === beat;
    if (leads || leader === null) this.#seen = null;
    else if (!isSame) this.#seen = { leader, beat, sinceMs: atMs };
    this.#setLeads(leads);
  }

  #setLeads(leads: boolean): void {
    if (this.#leads === leads) return;
    this.#leads = leads;
    if (leads) this.#options.onElected();
    else this.#options.onReplaced();
  }
}

/** @returns null when no process has led yet, or the last one left */
export async function readLeader(database: Database): Promise<MaintenanceLeader | null> {
  return (await database.query<MaintenanceLeader>(statement("maintenance_leader"))).rows[0] ?? null;
}

/** With the embedded database: the process that led before is dead, whatever the row says. */
export async function dismissLeader(database: Database): Promise<void> {
  await database.query(statement("leave_maintenance"), [null]);
}
