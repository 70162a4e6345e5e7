import type { Mode } from "./docking-output.js";

export interface PosesProps {
  readonly modes: readonly Mode[];
  /** From 1. */
  readonly selected: number;
  onSelect(pose: number): void;
}

/** One bar per pose; a stronger score gives a longer bar. */
export function PoseChart({ modes, selected, onSelect }: PosesProps) {
  const strongest = Math.max(...modes.map(({ affinity }) => Math.abs(affinity)), 0.001);
  return (
    <fieldset className="pose-chart">
      <legend className="label">Score of each pose, kcal/mol</legend>
      {modes.map(({ mode, affinity }) => (
        <button
          key={mode}
          type="button"
          className="pose-bar"
          aria-pressed={mode === selected}
          aria-label={`Pose ${mode}, ${affinity} kcal/mol`}
          onClick={() => onSelect(mode)}
        >
          <span className="number">{mode}</span>
          <span className="pose-track">
            <span style={{ width: `${(Math.abs(affinity) / strongest) * 100}%` }} />
          </span>
          <span className="number">{affinity}</span>
        </button>
      ))}
    </fieldset>
  );
}
