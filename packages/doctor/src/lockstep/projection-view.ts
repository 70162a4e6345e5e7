import { createHash } from "node:crypto";
import type { Copies, CopyOutcome, NewCopy, StoredCopy } from "lockstep/internal/job";
import { z } from "zod";
import {
  ABSENT,
  type Answer,
  type Examination,
  type Summary,
  type Value,
  type View,
  type ViewTraits,
} from "../views/view.js";
import type { Repair, Restoration, ViewWriter, WriteOutcome } from "../views/writer.js";
import { shownJob } from "./ledger-view.js";

/** Records writes to Lockstep's own stores. A structural type. */
export interface LockstepWrites {
  begin(write: {
    readonly actor: string;
    readonly run: string | null;
    readonly view: string;
    readonly job_id: string;
    readonly action: "refresh" | "restore";
  }): Promise<string>;
  end(id: string, outcome: WriteOutcome["outcome"]): Promise<void>;
}

/** The stored bytes and their time to live. */
const BeforeImage = z.object({ base64: z.base64(), ttl_ms: z.number().nullable() });

/**
 * The copies of Lockstep's jobs in Redis, as keys `result:<id>`. A job that has not ended, or ended
 * a short while ago, has a copy, unless the copies are being rebuilt. A wrong or missing copy is
 * rewritten from the ledger's row.
 */
export function projectionView(name: string, copies: Copies, writes: LockstepWrites): View {
  return new ProjectionView(name, copies, writes);
}

class ProjectionView implements View {
  readonly name: string;
  readonly type = "projection";
  readonly writer: ViewWriter;
  readonly #copies: Copies;
  #phase: "ready" | "rebuilding" | "none" = "none";

  constructor(name: string, copies: Copies, writes: LockstepWrites) {
    this.name = name;
    this.#copies = copies;
    this.writer = new ProjectionWriter(name, copies, writes);
  }

  get traits(): ViewTraits {
    return {
      role: "surface",
      absence: this.#phase === "ready" ? "meaningful" : "silent",
      knowsLocks: false,
      keepsResults: true,
      isAuthority: false,
      hasFixedWords: true,
    };
  }

  async examine(): Promise<Examination> {
    this.#phase = await this.#copies.phase();
    const notes = {
      ready: [],
      rebuilding: [`${this.name}: the copies are being rebuilt, so a missing copy proves nothing yet`],
      none: [`${this.name}: no server writes copies to this Redis, so a missing copy proves nothing`],
    }[this.#phase];
    const writeObstacle =
      this.#phase === "none" ? "no server writes copies to this Redis: check that it is the right one" : null;
    return { countEstimate: null, writeObstacle, notes };
  }

  async *pages(): AsyncIterable<never> {
    // Copies are read only by the ledger's ids, so nothing is listed.
  }

  async *idPages(): AsyncIterable<never> {
    // The same.
  }

  async summaries(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Summary>>> {
    return await this.#see(ids, summaryOf);
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, Answer<Value>>> {
    const lifetimes = new Map<string, number | null>();
    for (const id of ids) lifetimes.set(id, await this.#copies.ttlMs(id));
    return await this.#see(ids, (copy, id) => shownCopy(copy, lifetimes.get(id) ?? null));
  }

  async close(): Promise<void> {
    // The caller that passed the copies in owns the connection.
  }

  async #see<V extends Summary>(
    ids: readonly string[],
    see: (copy: StoredCopy, id: string) => V,
  ): Promise<ReadonlyMap<string, Answer<V>>> {
    const found = await this.#copies.read(ids);
    const outcomes = await this.#copies.outcomes(ids.filter((id) => found.get(id)?.job));
    const answerOf = (id: string): Answer<V> => {
      const copy = found.get(id) ?? null;
      if (copy === null) return ABSENT;
      const shown = see(copy, id);
      return isAltered(copy, outcomes.get(id)) ? { ...shown, isAltered: true } : shown;
    };
    return new Map(ids.map((id) => [id, answerOf(id)]));
  }
}

/**
 * Each version has exactly one result: a copy of that version with another result was changed by
 * somebody.
 */
function isAltered({ job, digest }: StoredCopy, outcome: CopyOutcome | undefined): boolean {
  return job !== null && job.version === outcome?.version && digest !== outcome.digest;
}

const CORRUPT = { word: "(not a copy)", status: null, isCorrupt: true } as const;

function summaryOf({ job }: StoredCopy): Summary {
  return job === null
    ? { state: "value", ...CORRUPT }
    : { state: "value", word: job.status, status: job.status, revision: String(job.version) };
}

function shownCopy({ bytes, job }: StoredCopy, ttlMs: number | null): Value {
  const stored = {
    fingerprint: fingerprintOf(bytes),
    beforeImage: { base64: bytes.toString("base64"), ttl_ms: ttlMs },
  };
  const expiry = ttlMs === null ? [] : [`expires in ${Math.round(ttlMs / 60_000)} min`];
  if (job !== null) {
    const shown = shownJob(job);
    return { ...shown, ...stored, evidence: [...shown.evidence, `copied at ${job.as_of}`, ...expiry] };
  }
  return {
    state: "value",
    ...CORRUPT,
    createdAt: null,
    startedAt: null,
    finishedAt: null,
    updatedAt: null,
    attempt: null,
    evidence: [`holds ${bytes.length} bytes that are not a valid copy`, ...expiry],
    ...stored,
  };
}

function fingerprintOf(bytes: Buffer): string {
  return createHash("sha1").update(bytes).digest("hex");
}

class ProjectionWriter implements ViewWriter {
  readonly actions = ["refresh"] as const;
  readonly fields = new Set<never>();
  readonly #view: string;
  readonly #copies: Copies;
  readonly #writes: LockstepWrites;

  constructor(view: string, copies: Copies, writes: LockstepWrites) {
    this.#view = view;
    this.#copies = copies;
    this.#writes = writes;
  }

  wordFor(status: Parameters<ViewWriter["wordFor"]>[0]): string {
    return status;
  }

  write(repair: Repair): Promise<WriteOutcome> {
    return this.#noted("refresh", repair, () => this.#refresh(repair));
  }

  restore(restoration: Restoration): Promise<WriteOutcome> {
    return this.#noted("restore", restoration, () => this.#putBack(restoration));
  }

  /**
   * Records the write before it is made. When the write throws, the record keeps no outcome,
   * because it is unknown.
   */
  async #noted(
    action: "refresh" | "restore",
    { id, by }: Pick<Repair, "id" | "by">,
    write: () => Promise<WriteOutcome>,
  ): Promise<WriteOutcome> {
    const { actor, run } = by ?? { actor: "doctor", run: null };
    const line = await this.#writes.begin({ actor, run, view: this.#view, job_id: id, action });
    const outcome = await write();
    await this.#writes.end(line, outcome.outcome);
    return outcome;
  }

  async #refresh({ id, fingerprint, beforeImage }: Repair): Promise<WriteOutcome> {
    const seen = beforeImage === null ? null : bytesOf(BeforeImage.parse(beforeImage));
    if ((seen === null ? null : fingerprintOf(seen)) !== fingerprint) return { outcome: "changed" };
    return await this.#swap(id, seen, await this.#copies.render(id));
  }

  async #putBack({ id, fingerprint, beforeImage }: Restoration): Promise<WriteOutcome> {
    const now = (await this.#copies.read([id])).get(id)?.bytes ?? null;
    if ((now === null ? null : fingerprintOf(now)) !== fingerprint) return { outcome: "changed" };
    if (beforeImage === null) return await this.#swap(id, now, null);
    const before = BeforeImage.parse(beforeImage);
    return await this.#swap(id, now, { bytes: bytesOf(before), ttlMs: before.ttl_ms });
  }

  async #swap(id: string, seen: Buffer | null, next: NewCopy | null): Promise<WriteOutcome> {
    const isSwapped = await this.#copies.swap(id, seen, next);
    if (!isSwapped) return { outcome: "changed" };
    return { outcome: "written", fingerprint: next === null ? null : fingerprintOf(next.bytes) };
  }
}

function bytesOf({ base64 }: z.output<typeof BeforeImage>): Buffer {
  return Buffer.from(base64, "base64");
}
