import { buffer } from "node:stream/consumers";
import type { ArtifactStore } from "../artifacts/index.js";
import { type Issue, LockstepError } from "../errors.js";
import { BATCH_MEMBERS_MAX, type SkippedLine } from "../ledger/index.js";
import type { BatchLibrary, LibraryEntry } from "../workload/index.js";

const ISSUES_REPORTED_MAX = 100;
/** Inputs that are checked before other requests get their turn. */
const CHECK_MAX = 500;

export interface BatchRequest {
  readonly kind: string;
  /** Members that all inputs share. */
  readonly common: Readonly<Record<string, unknown>>;
  readonly inputs: readonly unknown[] | null;
  /** The id of an uploaded file, instead of inputs. */
  readonly library: string | null;
  /** Skips lines of the library that are not valid, instead of rejecting the whole batch. */
  readonly skipInvalid: boolean;
}

/** Checks one job's kind and input. null: both are valid. */
export type CheckInput = (
  job: { readonly kind: string; readonly input: unknown },
  pointer: string,
) => Promise<{ readonly code: "UNKNOWN_KIND" | "INVALID_INPUT"; readonly issues: readonly Issue[] } | null>;

export interface PlannedBatch {
  readonly inputs: readonly unknown[];
  readonly skipped: readonly SkippedLine[];
}

interface BatchPlanContext {
  /** The kind's library; null: the kind has none. */
  readonly library: BatchLibrary | null;
  readonly store: ArtifactStore;
  readonly check: CheckInput;
}

/**
 * The inputs of a batch's jobs, each checked.
 * @throws UNKNOWN_KIND; INVALID_INPUT with the place of each issue: `/inputs/3/...`, `/input/...`
 *   for the shared members, or the line of the library
 */
export async function planBatch(asked: BatchRequest, context: BatchPlanContext): Promise<PlannedBatch> {
  if ((asked.inputs === null) === (asked.library === null))
    throw invalid("A batch has either inputs or a library.", [
      { pointer: "/inputs", detail: "is required, unless library is given" },
    ]);
  return asked.inputs === null
    ? await fromLibrary(asked, asked.library ?? "", context)
    : { inputs: await fromInputs(asked, asked.inputs, context), skipped: [] };
}

async function fromInputs(
  { kind, common }: BatchRequest,
  inputs: readonly unknown[],
  { check }: BatchPlanContext,
): Promise<unknown[]> {
  assertBatchSize(inputs.length, "/inputs");
  const merged = inputs.map((input) => (isObject(input) ? { ...common, ...input } : input));
  const issues: Issue[] = [];
  for (const [index, input] of merged.entries()) {
    await yieldToEventLoop(index);
    const found = await check({ kind, input }, "");
    if (found?.code === "UNKNOWN_KIND") throw unknownKind(found.issues);
    for (const { pointer, detail } of found?.issues ?? [])
      issues.push({ pointer: pointer.replace(/^\/input/, `/inputs/${index}`), detail });
    if (issues.length >= ISSUES_REPORTED_MAX) break;
  }
  if (issues.length > 0) throw invalid("Some inputs are not valid for the kind.", issues);
  return merged;
}

async function fromLibrary(
  { kind, common, skipInvalid }: BatchRequest,
  fileId: string,
  { library, store, check }: BatchPlanContext,
): Promise<PlannedBatch> {
  const known = await check({ kind, input: {} }, "");
  if (known?.code === "UNKNOWN_KIND") throw unknownKind(known.issues);
  if (library === null)
    throw invalid(`The kind ${kind} does not accept a library.`, [
      { pointer: "/library", detail: "is not accepted by this kind" },
    ]);
  if ((await store.fileInfo(fileId)) === null)
    throw invalid("The library does not exist.", [
      { pointer: "/library", detail: "is not the id of a file" },
    ]);
  const content = await buffer((await store.openFile(fileId)).stream);
  const { entries, issues } = await library.split(content, fileId);
  assertBatchSize(entries.length, "/library");
  const skipped = [...issues];
  const inputs: unknown[] = [];
  for (const [index, entry] of entries.entries()) {
    await yieldToEventLoop(index);
    const input = { ...common, ...entry.input };
    const issue = await issueOf({ kind, input, entry, check });
    if (issue === null) inputs.push(input);
    else skipped.push({ line: entry.line, detail: issue });
  }
  skipped.sort((a, b) => a.line - b.line);
  if (inputs.length === 0 && skipped.length === 0)
    throw invalid(`The library is empty. It can be ${library.formats}.`, [
      { pointer: "/library", detail: "is empty" },
    ]);
  if (skipped.length > 0 && (inputs.length === 0 || !skipInvalid))
    throw invalid(
      `${skipped.length} of ${inputs.length + skipped.length} entries of the library are not valid.`,
      skipped.slice(0, ISSUES_REPORTED_MAX).map(({ line, detail }) => ({
        pointer: `/library/lines/${line}`,
        detail: `line ${line}: ${detail}`,
      })),
    );
  return { inputs, skipped };
}

/**
 * @returns the issue with the line, or null
 * @throws INVALID_INPUT for an issue with every line
 */
async function issueOf(options: {
  readonly kind: string;
  readonly input: unknown;
  readonly entry: LibraryEntry;
  readonly check: CheckInput;
}): Promise<string | null> {
  const found = await options.check({ kind: options.kind, input: options.input }, "");
  if (found === null) return null;
  const own = Object.keys(options.entry.input);
  const shared = found.issues.filter(({ pointer }) => !own.includes(pointer.split("/")[2] ?? ""));
  if (shared.length > 0) throw invalid("The shared input is not valid for the kind.", shared);
  return found.issues
    .map(({ pointer, detail }) => `${pointer.split("/").slice(2).join("/")} ${detail}`)
    .join("; ");
}

function assertBatchSize(count: number, pointer: string): void {
  if (count <= BATCH_MEMBERS_MAX) return;
  const detail = `holds ${count} jobs, over the limit of ${BATCH_MEMBERS_MAX}`;
  throw invalid(`A batch holds at most ${BATCH_MEMBERS_MAX} jobs.`, [{ pointer, detail }]);
}

async function yieldToEventLoop(index: number): Promise<void> {
  if (index % CHECK_MAX === CHECK_MAX - 1) await new Promise(setImmediate);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string, issues: readonly Issue[]): LockstepError {
  return new LockstepError("INVALID_INPUT", message, { issues });
}

function unknownKind(issues: readonly Issue[]): LockstepError {
  return new LockstepError("UNKNOWN_KIND", "There is no such kind of job.", { issues });
}
