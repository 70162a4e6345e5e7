import { Link } from "@tanstack/react-router";
import { ACTIONS, type Cell, type Check } from "./doctor-data.js";

interface Chosen {
  readonly pattern: string;
  readonly action: string;
}

const NAMES = Object.keys(ACTIONS) as Cell["action"][];

/**
 * Every pattern that was found against the action that a plan would take. Each number opens its
 * jobs.
 */
export function DriftMatrix({ check, chosen }: { check: Check; chosen: Chosen | null }) {
  const isEmpty = (action: Cell["action"]) =>
    !check.cells.some((cell) => cell.action === action) || undefined;
  const patterns = check.summary?.patterns ?? [];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>What was found, and what a plan would do</h2>
      </div>
      <div className="scroll-x">
        <table className="table matrix">
          <thead>
            <tr>
              <th>Pattern</th>
              {NAMES.map((action) => (
                <th key={action} className="right" data-empty={isEmpty(action)}>
                  {ACTIONS[action]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {patterns.map(({ pattern, what }) => (
              <tr key={pattern}>
                <th scope="row">
                  <span className="mono">{pattern}</span>
                  <span className="dim matrix-what">{what}</span>
                </th>
                {NAMES.map((action) => (
                  <Count
                    key={action}
                    cell={check.cells.find((one) => one.pattern === pattern && one.action === action)}
                    drifting={check.summary?.drifting ?? 0}
                    chosen={chosen}
                    isEmpty={isEmpty(action)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface CountProps {
  readonly cell: Cell | undefined;
  /** Total number of jobs in drift. */
  readonly drifting: number;
  readonly chosen: Chosen | null;
  /** No pattern has this action. */
  readonly isEmpty: boolean | undefined;
}

function Count({ cell, drifting, chosen, isEmpty }: CountProps) {
  if (!cell)
    return (
      <td className="right dim" data-empty={isEmpty}>
        <span aria-hidden="true">·</span>
        <span className="visually-hidden">none</span>
      </td>
    );
  const { pattern, action, jobs } = cell;
  const isOpen = chosen?.pattern === pattern && chosen.action === action;
  return (
    <td className="right" data-shade={shade(jobs, drifting)} data-cell={`${pattern} ${action}`}>
      <Link
        to="/doctor"
        search={({ plan }) => ({ ...(plan ? { plan } : {}), ...(isOpen ? {} : { pattern, action }) })}
        resetScroll={false}
        aria-expanded={isOpen}
        aria-label={`${jobs} jobs ${pattern}: ${ACTIONS[action]}`}
        className="number"
      >
        {jobs.toLocaleString("en")}
      </Link>
    </td>
  );
}

/** From 1 to 4: the larger the share of all drift, the darker the cell. */
function shade(jobs: number, drifting: number): number {
  const share = drifting === 0 ? 0 : jobs / drifting;
  return share > 0.5 ? 4 : share > 0.2 ? 3 : share > 0.05 ? 2 : 1;
}
