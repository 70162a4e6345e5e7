import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { type BulkAction, type BulkProgress, changeJobs, changeMatching } from "./bulk-run.js";
import type { JobSearch } from "./job-filter.js";

interface Run extends BulkProgress {
  readonly action: BulkAction;
  /** The number of jobs at the start; 10,000 may stand for more. */
  readonly expected: number;
  readonly state: "running" | "done" | "stopped" | "failed";
  readonly issue: string | null;
}

export interface Bulk {
  readonly run: Run | null;
  /** @param target the ids, or the frozen filter of all that match */
  start(action: BulkAction, target: readonly string[] | JobSearch, expected: number): void;
  stop(): void;
  dismiss(): void;
}

/** A running bulk change. Leaving the page stops it between two requests. */
export function useBulk(onEnd: () => void): Bulk {
  const [run, setRun] = useState<Run | null>(null);
  const stopper = useRef(new AbortController());
  useEffect(() => () => stopper.current.abort(), []);
  async function work(action: BulkAction, target: readonly string[] | JobSearch): Promise<void> {
    stopper.current = new AbortController();
    const { signal } = stopper.current;
    const onProgress = (step: BulkProgress) => setRun((before) => before && added(before, step));
    const options = { signal, onProgress };
    let issue: string | null = null;
    try {
      if (Array.isArray(target)) await changeJobs(action, target, options);
      else await changeMatching(action, target as JobSearch, options);
    } catch (error) {
      issue = error instanceof Error ? error.message : "The request failed.";
    }
    const state = issue !== null ? "failed" : signal.aborted ? "stopped" : "done";
    setRun((before) => before && { ...before, state, issue });
    onEnd();
  }
  return {
    run,
    start(action, target, expected) {
      setRun({ action, expected, done: 0, changed: 0, refused: 0, state: "running", issue: null });
      void work(action, target);
    },
    stop: () => stopper.current.abort(),
    dismiss: () => setRun(null),
  };
}

function added(run: Run, { done, changed, refused }: BulkProgress): Run {
  return { ...run, done: run.done + done, changed: run.changed + changed, refused: run.refused + refused };
}

const PAST = { cancel: "cancelled or asked to stop", retry: "retried" } as const;

export function RunningBulk({ bulk }: { bulk: Bulk }) {
  const { run } = bulk;
  if (!run) return null;
  const known = Math.max(run.expected, run.done);
  return (
    <div className="bulk" role="status" data-bulk={run.state}>
      <progress
        value={run.done}
        max={run.state === "running" ? known : run.done || 1}
        aria-label="Progress"
      />
      <span className="number">
        {run.changed.toLocaleString("en")} {PAST[run.action]}
        {run.refused > 0 ? `, ${run.refused.toLocaleString("en")} had already changed` : ""}
        {run.state === "stopped" ? "; stopped" : ""}
        {run.issue ? `; ${run.issue}` : ""}
      </span>
      <span className="grow" />
      {run.state === "running" ? (
        <Button variant="default" onClick={bulk.stop}>
          Stop
        </Button>
      ) : (
        <Button variant="default" onClick={bulk.dismiss}>
          Close
        </Button>
      )}
    </div>
  );
}
