import { DatabaseUnavailableError, type Issue } from "lockstep/internal/errors";
import {
  type AnyJobDefinition,
  canonicalJson,
  type KindDefaults,
  type KindFacts,
  type KindRecord,
  NAME_PATTERN,
  type RecordedKind,
  type RetryPolicy,
  recordedDefaults,
  recordedRetryPolicy,
  retryPolicy,
  zodIssues,
} from "lockstep/internal/job";
import { type KindLedger, kindRecord } from "lockstep/internal/ledger";
import type { OpenWorkload, RequiredProgram, Workload } from "lockstep/internal/workload";
import type { Logger } from "pino";
import { createInputChecks, type InputChecks } from "./input-check.js";
import { createRecordedKinds, type RecordedKinds } from "./recorded-kinds.js";
import { unknownKind } from "./unknown-kind.js";

/** A kind of job as clients see it. */
export interface KindInfo extends KindFacts {
  /** null: only the kind's name is known. */
  readonly version_hash: string | null;
  /** null: the record could not be read, and the server's own definition is shown. */
  readonly recorded_at: string | null;
  /** Programs that a worker's machine needs to offer the kind. */
  readonly programs: readonly RequiredProgram[];
}

export interface InputIssues {
  readonly code: "UNKNOWN_KIND" | "INVALID_INPUT";
  readonly issues: readonly Issue[];
}

/** The kind and the input of a submit. */
export interface SubmittedKind {
  readonly kind: string;
  readonly input?: unknown;
  /** Accepts a kind that nobody has recorded. */
  readonly allow_unknown?: boolean | undefined;
}

/** The kinds of one request. Each is read once, so a kind does not change during a request. */
export interface KindsOfRequest {
  /**
   * Checks a job's kind and input.
   * @param pointer of the job in the request body, such as `/jobs/3`
   * @returns null when both are valid
   */
  check(job: SubmittedKind, pointer: string): Promise<InputIssues | null>;
  /** The kind's values for fields that the request leaves out; none for an unknown kind. */
  defaults(kind: string): Promise<KindDefaults>;
}

export interface Kinds extends Pick<RecordedKinds, "record" | "forget"> {
  /** The kinds that this server defines, and the programs they need. */
  readonly own: readonly Pick<KindInfo, "kind" | "programs">[];
  /** The kind's workload, with more than its job; null: it has none. */
  workload(kind: string): Workload | null;
  /** In the given order. */
  readonly workloads: readonly Workload[];
  ofRequest(): KindsOfRequest;
  /** null: nobody has recorded it. */
  get(kind: string): Promise<KindInfo | null>;
  /** The recorded kinds by name; while the database is unavailable, those of this server. */
  list(page: {
    readonly after?: string;
    readonly limit: number;
  }): Promise<{ readonly kinds: readonly KindInfo[]; readonly next: string | null }>;
  /** The kind's own policy, or the default one for an unknown kind. */
  retryPolicy(kind: string): Promise<RetryPolicy>;
}

export interface KindSources {
  /** Kinds that have only a job definition. */
  readonly definitions: readonly AnyJobDefinition[];
  readonly workloads?: readonly OpenWorkload[];
  readonly ledger: { readonly kinds: KindLedger };
  readonly logger: Pick<Logger, "warn">;
}

/** A kind that this server defines. */
interface Own {
  readonly definition: AnyJobDefinition;
  readonly record: KindRecord;
}

/** A kind, and the definition that checks its input if it is the recorded one. */
interface Known {
  readonly facts: KindRecord | RecordedKind;
  readonly definition: AnyJobDefinition | null;
}

/** @throws RangeError when two definitions have the same kind */
export function createKinds({ definitions: plain, workloads = [], ledger, logger }: KindSources): Kinds {
  const definitions = [...plain, ...workloads.map(({ job }) => job)];
  const own = new Map(
    definitions.map((definition) => [definition.kind, { definition, record: kindRecord(definition) }]),
  );
  if (own.size !== definitions.length) throw new RangeError("two job definitions have the same kind");
  const ofWorkload = new Map(workloads.map(({ workload }) => [workload.kind, workload]));
  const recorded = createRecordedKinds(ledger.kinds, definitions, (err) =>
    logger.warn({ err }, "the kinds of this server could not be recorded"),
  );
  const checks = createInputChecks(logger);
  const known = (kind: string) => findKnown(kind, own.get(kind) ?? null, recorded);
  const programsOf = (kind: string) => ofWorkload.get(kind)?.programs.needed ?? [];
  const toInfo = (facts: KindRecord | RecordedKind): KindInfo => ({
    recorded_at: null,
    ...facts,
    programs: programsOf(facts.kind),
  });
  return {
    own: [...own.keys()].sort().map((kind) => ({ kind, programs: programsOf(kind) })),
    workload: (kind) => ofWorkload.get(kind) ?? null,
    workloads: [...ofWorkload.values()],
    record: recorded.record,
    forget: recorded.forget,
    ofRequest: () => kindsOfRequest({ known, names: () => namesOf(own, recorded), checks }),
    async get(kind) {
      const found = await known(kind);
      return found && toInfo(found.facts);
    },
    async list(page) {
      try {
        const { kinds, next } = await recorded.list(page);
        return { kinds: kinds.map(toInfo), next };
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError)) throw error;
        const { after = "", limit } = page;
        const all = [...own.values()].map(({ record }) => toInfo(record));
        return {
          kinds: all
            .filter(({ kind }) => kind > after)
            .sort(byName)
            .slice(0, limit),
          next: null,
        };
      }
    },
    async retryPolicy(kind) {
      const found = await known(kind);
      return found ? recordedRetryPolicy(found.facts) : retryPolicy();
    },
  };
}

const byName = (a: KindInfo, b: KindInfo) => (a.kind < b.kind ? -1 : 1);

async function findKnown(kind: string, own: Own | null, recorded: RecordedKinds): Promise<Known | null> {
  if (!NAME_PATTERN.test(kind)) return null;
  const mine = own && { facts: own.record, definition: own.definition };
  try {
    const facts = await recorded.find(kind);
    if (facts === null) return mine;
    if (own !== null && facts.version_hash === own.record.version_hash)
      return { facts, definition: own.definition };
    // A worker may have named the kind before this server could record it.
    return facts.version_hash === null && mine !== null ? mine : { facts, definition: null };
  } catch (error) {
    // An input can be checked without the ledger if this server defines the kind.
    if (mine !== null && error instanceof DatabaseUnavailableError) return mine;
    throw error;
  }
}

/** The names of all known kinds, also of those that this server could not record. */
async function namesOf(own: ReadonlyMap<string, unknown>, recorded: RecordedKinds): Promise<string[]> {
  return [...new Set([...own.keys(), ...(await recorded.names())])];
}

function kindsOfRequest({
  known,
  names,
  checks,
}: {
  known(kind: string): Promise<Known | null>;
  names(): Promise<readonly string[]>;
  readonly checks: InputChecks;
}): KindsOfRequest {
  const read = new Map<string, Promise<Known | null>>();
  const find = (kind: string): Promise<Known | null> => {
    const found = read.get(kind) ?? known(kind);
    read.set(kind, found);
    return found;
  };
  return {
    async check({ kind, input, allow_unknown = false }, pointer) {
      const found = await find(kind);
      if (found === null && !allow_unknown)
        return { code: "UNKNOWN_KIND", issues: [unknownKind(kind, await names(), pointer)] };
      const issues = await inputIssues(found, { input, pointer: `${pointer}/input` }, checks);
      return issues.length > 0 ? { code: "INVALID_INPUT", issues } : null;
    },
    async defaults(kind) {
      const found = await find(kind);
      return found === null ? {} : recordedDefaults(found.facts);
    },
  };
}

/**
 * First checks whether the input can be stored at all, which also limits how much the kind's own
 * schema has to walk through.
 */
async function inputIssues(
  known: Known | null,
  { input, pointer }: { readonly input: unknown; readonly pointer: string },
  checks: InputChecks,
): Promise<Issue[]> {
  const canonical = canonicalJson(input);
  if (!canonical.ok) return [{ pointer: pointer + canonical.issue.pointer, detail: canonical.issue.message }];
  if (known === null) return [];
  if (known.definition === null)
    return checks.issues(known.facts, { value: input ?? null, bytes: canonical.bytes, pointer });
  const result = await known.definition.input.safeParseAsync(input);
  return result.success ? [] : zodIssues(result.error, pointer);
}
