import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLedgerReachable } from "../live/health.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { useMay } from "../session/session.js";
import { type Plan, runsQuery } from "./doctor-data.js";
import { useApply } from "./use-apply.js";

/** Maximum writes per second that a reader can choose. */
const RATES = [null, 10, 100, 1_000] as const;

/** Applies the plan after a confirmation, shows the progress, and can stop it. */
export function ApplyBar({ plan }: { plan: Plan }) {
  const { apply, stop, progress } = useApply(plan.id);
  const { data } = useQuery(runsQuery);
  const [asking, setAsking] = useState(false);
  const may = useMay("operate");
  const reachable = useLedgerReachable();
  const run = data?.runs.find(({ kind, of }) => kind === "apply" && of === plan.id) ?? null;
  const isRunning = apply.isPending || progress !== null;
  const isOver = run !== null && run.reason !== null && run.reason !== "stopped";
  const done = progress ?? run ?? { written: 0, changed: 0, refused: 0 };
  const total = done.written + done.changed + done.refused;
  return (
    <div className="apply" data-apply={isRunning ? "running" : (run?.reason ?? "none")}>
      {isRunning || run ? (
        <>
          <progress
            value={total}
            max={isOver && !isRunning ? total || 1 : plan.repairs}
            aria-label="Applied"
          />
          <span className="number" role="status">
            {outcome(done)}
            {isRunning ? "" : run?.reason === "stopped" ? ". Stopped." : isOver ? "." : ". Interrupted."}
          </span>
        </>
      ) : (
        <span className="dim">
          Nothing has been changed. Each repair is made only if its job has not changed since the plan.
        </span>
      )}
      <span className="grow" />
      {!may ? null : isRunning ? (
        <Button variant="default" disabled={stop.isPending} onClick={() => stop.mutate()}>
          {stop.isPending || stop.isSuccess ? "Stopping..." : "Stop"}
        </Button>
      ) : isOver ? null : (
        <Button data-key="a" disabled={!reachable} onClick={() => setAsking(true)}>
          {run ? "Continue" : `Apply ${plan.repairs.toLocaleString("en")}`}
        </Button>
      )}
      {apply.error ? <ProblemPanel error={apply.error} /> : null}
      {asking ? (
        <Confirm
          repairs={plan.repairs - total}
          onClose={() => setAsking(false)}
          onConfirm={(rate) => {
            setAsking(false);
            stop.reset();
            apply.mutate(rate);
          }}
        />
      ) : null}
    </div>
  );
}

function outcome({
  written,
  changed,
  refused,
}: {
  written: number;
  changed: number;
  refused: number;
}): string {
  const parts = [`${written.toLocaleString("en")} repaired`];
  if (changed > 0) parts.push(`${changed.toLocaleString("en")} left alone because they have changed since`);
  if (refused > 0) parts.push(`${refused.toLocaleString("en")} refused`);
  return parts.join(", ");
}

interface ConfirmProps {
  readonly repairs: number;
  onClose(): void;
  onConfirm(perSecond: number | null): void;
}

function Confirm({ repairs, onClose, onConfirm }: ConfirmProps) {
  const [rate, setRate] = useState<number | null>(null);
  const words = `${repairs.toLocaleString("en")} ${repairs === 1 ? "repair" : "repairs"}`;
  return (
    <Modal opened onClose={onClose} title={`Make ${words}?`}>
      <div className="stack">
        <p className="dim">
          The before image is kept on disk before each write. Jobs that have changed since the plan are left
          alone.
        </p>
        <div className="field">
          <label htmlFor="apply-rate">At most</label>
          <select
            id="apply-rate"
            className="input"
            value={rate ?? ""}
            onChange={(event) =>
              setRate(event.currentTarget.value ? Number(event.currentTarget.value) : null)
            }
          >
            {RATES.map((one) => (
              <option key={one} value={one ?? ""}>
                {one === null ? "as fast as the stores accept" : `${one.toLocaleString("en")} per second`}
              </option>
            ))}
          </select>
        </div>
        <div className="row">
          <Button onClick={() => onConfirm(rate)}>Make {words}</Button>
          <Button variant="default" onClick={onClose} data-autofocus>
            Not now
          </Button>
        </div>
      </div>
    </Modal>
  );
}
