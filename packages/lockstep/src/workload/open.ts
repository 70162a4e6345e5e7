import type { ArtifactStore } from "../artifacts/index.js";
import type { AnyJobDefinition } from "../job/index.js";
import { SETTINGS, type SettingTable } from "../settings.js";
import type { Workload } from "./workload.js";

/** A workload whose handler was loaded. */
export interface OpenWorkload {
  readonly workload: Workload;
  readonly job: AnyJobDefinition;
}

/** What is needed to open workloads. */
export interface OpenOptions {
  readonly files: ArtifactStore;
  /** The values of all settings of all workloads, by name. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Loads the handlers of workloads.
 * @throws RangeError when a job's kind differs from the workload's, or two workloads have the same
 *   kind
 */
export async function openWorkloads(
  workloads: readonly Workload[],
  { files, settings }: OpenOptions,
): Promise<readonly OpenWorkload[]> {
  const kinds = new Set(workloads.map(({ kind }) => kind));
  if (kinds.size !== workloads.length) throw new RangeError("two workloads have the same kind");
  return await Promise.all(
    workloads.map(async (workload) => {
      const own = Object.keys(workload.settings).map((name) => [name, settings[name]] as const);
      const job = await workload.job({ files, settings: Object.fromEntries(own) });
      if (job.kind !== workload.kind)
        throw new RangeError(`the workload ${workload.kind} has a job of the kind ${job.kind}`);
      return { workload, job };
    }),
  );
}

/**
 * The settings of all workloads as one table.
 * @throws RangeError when two settings have the same name, variable or flag, or one is also a
 *   setting of Lockstep itself
 */
export function settingsOf(workloads: readonly Workload[]): SettingTable {
  const tables: readonly SettingTable[] = [SETTINGS, ...workloads.map(({ settings }) => settings)];
  const all = tables.flatMap((table) => Object.entries(table));
  const taken = new Set<string>();
  for (const word of all.flatMap(([name, { variable, flag }]) => [name, variable, flag])) {
    if (word !== "" && taken.has(word)) throw new RangeError(`two settings are called ${word}`);
    taken.add(word);
  }
  return Object.assign({}, ...workloads.map(({ settings }) => settings)) as SettingTable;
}
