import type { ArtifactStore } from "../artifacts/index.js";
import { type AnyJobDefinition, type Json, NAME_PATTERN } from "../job/index.js";
import type { SettingTable, SettingValues } from "../settings.js";
import type { WorkloadBatch } from "./batch.js";
import type { WorkloadCommand, WorkloadDemo, WorkloadExample } from "./command.js";
import type { WorkloadPrograms } from "./programs.js";

/** The environment in which a workload's job runs or is checked. */
export interface WorkloadPlace<Settings extends SettingTable = SettingTable> {
  /** The uploaded files. */
  readonly files: ArtifactStore;
  /** The values of the workload's settings. */
  readonly settings: SettingValues<Settings>;
}

/** How outputs of the kind are shown. Any worker may have produced one, so it can be anything. */
export interface WorkloadResults {
  /** The part of an output that is shown beside the status. Default: all of it. */
  readonly shown: (output: Json) => Json;
  /** Names of artifacts, by the `type` in `GET /api/result/:id/:type`, such as `csv`. */
  readonly files: Readonly<Record<string, string>>;
  /** Content of these files, for the API's document. */
  readonly description: string;
}

/** How a form (`POST /api/submit`) becomes an input. */
export interface WorkloadForm {
  /** The form's fields, for the API's document. */
  readonly description: string;
  /**
   * @param fields texts by field name, and the ids under which files were stored
   * @returns the input, which is then checked like any other
   * @throws LockstepError INVALID_INPUT with a pointer to each field that cannot be read
   */
  input(fields: ReadonlyMap<string, string>): Record<string, unknown>;
}

export interface WorkloadOptions<Settings extends SettingTable = SettingTable> {
  /** The kind of its job. */
  readonly kind: string;
  /**
   * Creates the definition. The handler and its imports should be loaded here, not with the
   * workload.
   */
  job(place: WorkloadPlace<Settings>): Promise<AnyJobDefinition> | AnyJobDefinition;
  /** Configuration values that it reads, under its own names. */
  readonly settings?: Settings;
  readonly programs?: WorkloadPrograms;
  readonly results?: Partial<WorkloadResults>;
  readonly batch?: Partial<WorkloadBatch>;
  /** Default: a form's fields are the members of the input, as texts. */
  readonly form?: WorkloadForm;
  /** Its own commands on the command line. */
  readonly commands?: readonly WorkloadCommand[];
  /** Shown to people who want to start. The first workload that has one is used. */
  example?(settings: SettingValues<Settings>): WorkloadExample;
  /** The first workload that has one is shown. */
  readonly demo?: WorkloadDemo;
}

/** A kind of job, and what a server, the command line and a worker need to know about it. */
export interface Workload<Settings extends SettingTable = SettingTable> {
  readonly kind: string;
  job(place: WorkloadPlace<Settings>): Promise<AnyJobDefinition> | AnyJobDefinition;
  readonly settings: Settings;
  readonly programs: WorkloadPrograms;
  readonly results: WorkloadResults;
  readonly batch: WorkloadBatch;
  readonly form: WorkloadForm | null;
  readonly commands: readonly WorkloadCommand[];
  /** @returns null when it has none */
  example(settings: SettingValues<Settings>): WorkloadExample | null;
  readonly demo: WorkloadDemo | null;
}

const NO_PROGRAMS: WorkloadPrograms = { needed: [], missing: () => [] };

/**
 * Declares a workload: one value for a list of workloads. It loads and opens nothing.
 * @throws RangeError when the kind is not a valid name
 */
export function defineWorkload<const Settings extends SettingTable = Record<never, never>>(
  options: WorkloadOptions<Settings>,
): Workload<Settings> {
  if (!NAME_PATTERN.test(options.kind))
    throw new RangeError(`not a valid kind: ${JSON.stringify(options.kind)}`);
  return Object.freeze({
    kind: options.kind,
    job: (place: WorkloadPlace<Settings>) => options.job(place),
    settings: options.settings ?? ({} as Settings),
    programs: options.programs ?? NO_PROGRAMS,
    results: { shown: (output: Json) => output, files: {}, description: "", ...options.results },
    batch: { library: null, ranking: null, ...options.batch },
    form: options.form ?? null,
    commands: options.commands ?? [],
    example: (settings: SettingValues<Settings>) => options.example?.(settings) ?? null,
    demo: options.demo ?? null,
  });
}
