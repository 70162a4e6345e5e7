import { type Issue, LockstepError } from "lockstep/internal/errors";
import type { WorkloadForm } from "lockstep/internal/workload";

/** The fields that scripts send: flat fields instead of a box with points. */
export const dockingForm: WorkloadForm = {
  description:
    "files `protein` and `ligand`, or the field `smiles`, or the file `library` (SMI, CSV or SDF); `box_center_x` to `box_size_z`, `exhaustiveness`, `num_modes`, `energy_range`, `seed`, `cpu`.",
  input: formInput,
};

/** @throws INVALID_INPUT for a field that should be a number and is not one */
function formInput(form: ReadonlyMap<string, string>): Record<string, unknown> {
  const issues: Issue[] = [];
  const text = (name: string) => form.get(name) || undefined;
  const number = (name: string): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (Number.isFinite(Number(value))) return Number(value);
    issues.push({ pointer: `/${name}`, detail: "must be a number" });
    return undefined;
  };
  const point = (name: string) => {
    const entries = ["x", "y", "z"].map((axis) => [axis, number(`${name}_${axis}`)] as const);
    const given = entries.filter(([, value]) => value !== undefined);
    return given.length === 0 ? undefined : Object.fromEntries(given);
  };
  const [center, size] = [point("box_center"), point("box_size")];
  const input = {
    receptor: text("protein") ?? text("receptor"),
    ligand: text("ligand"),
    smiles: text("smiles"),
    box: center || size ? without({ center, size }) : undefined,
    exhaustiveness: number("exhaustiveness"),
    num_modes: number("num_modes"),
    energy_range: number("energy_range"),
    seed: number("seed"),
    cpu: number("cpu"),
  };
  if (issues.length > 0)
    throw new LockstepError("INVALID_INPUT", "A field of the form is not valid.", { issues });
  return without(input);
}

function without(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
