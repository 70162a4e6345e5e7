import type { Issue } from "lockstep/internal/errors";
import {
  type AnyJobDefinition,
  canonicalJson,
  NAME_PATTERN,
  type RetryPolicy,
  retryPolicy,
  zodIssues,
} from "lockstep/internal/job";
import type { OpenWorkload, RequiredProgram, Workload } from "lockstep/internal/workload";
import { z } from "zod";

/** A kind of job as clients see it. */
export interface KindInfo {
  readonly kind: string;
  readonly description: string | null;
  readonly queue: string;
  readonly max_attempts: number;
  readonly timeout_ms: number | null;
  /** JSON Schema (2020-12) of the input. */
  readonly input_schema: Readonly<Record<string, unknown>>;
  /** Programs that a worker's machine needs to offer the kind. */
  readonly programs: readonly RequiredProgram[];
}

export interface InputIssues {
  readonly code: "UNKNOWN_KIND" | "INVALID_INPUT";
  readonly issues: readonly Issue[];
}

/** The kinds of jobs this server accepts: those it defines, and those that some worker offers. */
export interface Kinds {
  /** The kinds it defines. */
  readonly all: readonly KindInfo[];
  get(kind: string): KindInfo | null;
  /** The kind's own policy, or the default one for a kind this server does not know. */
  retryPolicy(kind: string): RetryPolicy;
  definition(kind: string): AnyJobDefinition | null;
  /** The kind's workload, with more than its job; null: it has none. */
  workload(kind: string): Workload | null;
  /** In the given order. */
  readonly workloads: readonly Workload[];
  /**
   * Checks a job's kind and input. For a kind that only workers define, checks only whether the
   * input can be stored.
   * @param pointer of the job in the request body, such as `/jobs/3`
   * @returns null when both are valid
   */
  check(
    job: { readonly kind: string; readonly input?: unknown },
    pointer: string,
  ): Promise<InputIssues | null>;
}

export interface KindSources {
  /** Kinds that have only a job definition. */
  readonly definitions: readonly AnyJobDefinition[];
  readonly workloads?: readonly OpenWorkload[];
}

/**
 * @param wasOffered whether a worker has ever offered a kind; once true, it stays true
 * @throws RangeError when two definitions have the same kind
 */
export function createKinds(
  { definitions: plain, workloads = [] }: KindSources,
  wasOffered: (kind: string) => Promise<boolean>,
): Kinds {
  const definitions = [...plain, ...workloads.map(({ job }) => job)];
  const byKind = new Map(definitions.map((definition) => [definition.kind, definition]));
  const known = new Map(workloads.map(({ workload }) => [workload.kind, workload]));
  if (byKind.size !== definitions.length) throw new RangeError("two job definitions have the same kind");
  const infos = new Map(
    definitions.map((definition) => [
      definition.kind,
      describe(definition, known.get(definition.kind)?.programs.needed ?? []),
    ]),
  );
  const offered = new Set<string>();
  const isKnown = async (kind: string): Promise<boolean> => {
    if (byKind.has(kind) || offered.has(kind)) return true;
    if (!NAME_PATTERN.test(kind) || !(await wasOffered(kind))) return false;
    offered.add(kind);
    return true;
  };
  return {
    all: [...infos.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    get: (kind) => infos.get(kind) ?? null,
    definition: (kind) => byKind.get(kind) ?? null,
    workload: (kind) => known.get(kind) ?? null,
    workloads: [...known.values()],
    retryPolicy: (kind) => byKind.get(kind)?.retry ?? retryPolicy(),
    async check(job, pointer) {
      if (!(await isKnown(job.kind)))
        return { code: "UNKNOWN_KIND", issues: [unknownKind(pointer, [...infos.keys()])] };
      const issues = await validateInput(byKind.get(job.kind) ?? null, job.input, `${pointer}/input`);
      return issues.length > 0 ? { code: "INVALID_INPUT", issues } : null;
    },
  };
}

/**
 * First checks whether the input can be stored at all, which also limits how much the kind's own
 * schema has to walk through.
 */
async function validateInput(
  definition: AnyJobDefinition | null,
  input: unknown,
  pointer: string,
): Promise<Issue[]> {
  const canonical = canonicalJson(input);
  if (!canonical.ok) return [{ pointer: pointer + canonical.issue.pointer, detail: canonical.issue.message }];
  if (definition === null) return [];
  const result = await definition.input.safeParseAsync(input);
  return result.success ? [] : zodIssues(result.error, pointer);
}

function unknownKind(pointer: string, kinds: readonly string[]): Issue {
  const known =
    kinds.length > 0 ? `is not one of ${[...kinds].sort().join(", ")}` : "is unknown: no kinds are defined";
  return { pointer: `${pointer}/kind`, detail: `${known}, and no worker has offered it yet` };
}

function describe(definition: AnyJobDefinition, programs: readonly RequiredProgram[]): KindInfo {
  return {
    kind: definition.kind,
    description: definition.description,
    queue: definition.queue,
    max_attempts: definition.retry.maxAttempts,
    timeout_ms: definition.timeoutMs,
    input_schema: z.toJSONSchema(definition.input, { io: "input", unrepresentable: "any" }),
    programs,
  };
}
