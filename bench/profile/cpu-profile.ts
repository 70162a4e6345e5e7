import type { Row } from "./print.js";

/** The part of V8's format that is read here. Times are in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** Self time in microseconds a job, by function and by group, largest first. */
export function selfTimes(
  { nodes, samples, timeDeltas }: CpuProfile,
  jobs: number,
): { readonly functions: Row[]; readonly groups: Row[] } {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map<string, number>();
  const groups = new Map<string, number>();
  samples.forEach((id, index) => {
    const frame = byId.get(id);
    if (!frame || frame.functionName === "(idle)") return;
    // A sample's own time lasts until the next one.
    const micros = (timeDeltas[index + 1] ?? 0) / jobs;
    const { at, group } = placeOf(frame);
    add(functions, `${frame.functionName || "(anonymous)"}\t${at}`, micros);
    add(groups, group, micros);
  });
  return {
    groups: sorted(groups).map(([group, micros]) => ({ micros, group })),
    functions: sorted(functions).map(([key, micros]) => {
      const [name = "", at = ""] = key.split("\t");
      return { micros, function: name, at };
    }),
  };
}

/** Our folder, such as `lockstep/worker`; a package of others; `node:`; or what V8 itself did. */
function placeOf({ url, functionName, lineNumber }: ProfileNode["callFrame"]): {
  readonly at: string;
  readonly group: string;
} {
  if (url === "") return { at: "", group: functionName.startsWith("(") ? functionName : "(native)" };
  const line = lineNumber + 1;
  if (url.startsWith("node:")) return { at: `${url}:${line}`, group: "node:" };
  const [, external] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+.*)/.exec(url) ?? [];
  if (external !== undefined)
    return { at: `${external}:${line}`, group: /^(@[^/]+\/)?[^/]+/.exec(external)?.[0] ?? external };
  const [, own, name, folder] = /.*\/packages\/(([^/]+)\/dist\/(?:([^/]+)\/)?.*)/.exec(url) ?? [];
  if (own !== undefined) return { at: `${own}:${line}`, group: `${name}/${folder ?? ""}` };
  return { at: `${url.replace(/.*\/bench\//, "bench/")}:${line}`, group: "bench" };
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function sorted(sums: ReadonlyMap<string, number>): [string, number][] {
  return [...sums].sort((a, b) => b[1] - a[1]);
}
