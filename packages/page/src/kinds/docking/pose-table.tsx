import type { PosesProps } from "./pose-chart.js";

export function PoseTable({ modes, selected, onSelect }: PosesProps) {
  return (
    <div className="scroll-x">
      <table className="table pose-table">
        <thead>
          <tr>
            <th>Pose</th>
            <th className="right">kcal/mol</th>
            <th className="right">RMSD from best, lower</th>
            <th className="right">upper</th>
          </tr>
        </thead>
        <tbody>
          {modes.map(({ mode, affinity, rmsd_lb, rmsd_ub }) => (
            <tr key={mode} data-pose={mode} aria-current={mode === selected ? "true" : undefined}>
              <td>
                <button type="button" className="link" onClick={() => onSelect(mode)}>
                  Pose {mode}
                </button>
              </td>
              <td className="right">{affinity}</td>
              <td className="right">{rmsd_lb}</td>
              <td className="right">{rmsd_ub}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
