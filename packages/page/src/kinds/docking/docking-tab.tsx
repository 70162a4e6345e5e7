import { useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef } from "react";
import { artifactUrl } from "../../job/artifact-url.js";
import type { KnownJob } from "../../live/version-store.js";
import { Icon } from "../../shell/icon.js";
import { plainText } from "../../text/plain-text.js";
import { asDockingOutput, type DockingOutput } from "./docking-output.js";
import "./docking.css";
import { PoseChart } from "./pose-chart.js";
import { PoseTable } from "./pose-table.js";

const Viewer = lazy(() => import("./viewer.js"));

/** Poses in 3D, as bars and as a table, with one selection for all three, kept in the URL. */
export default function DockingTab({ job }: { job: KnownJob }) {
  const output = asDockingOutput(job.whole?.output);
  const pose = poseIn(useSearch({ from: "/jobs/$id" }));
  const navigate = useNavigate({ from: "/jobs/$id" });
  const count = output?.modes.length ?? 0;
  const selected = pose !== undefined && pose >= 1 && pose <= count ? pose : 1;
  const wanted = useWantedPose(selected);
  const move = (from: (pose: number) => number) => {
    const next = Math.min(count, Math.max(1, from(wanted.current)));
    wanted.current = next;
    void navigate({ search: (before) => withPose(before, next), replace: true, resetScroll: false });
  };
  const select = (next: number) => move(() => next);
  useBrackets(move);
  if (!output) return <p className="dim">The output is not that of a docking; it is shown under Output.</p>;
  const shared = { modes: output.modes, selected, onSelect: select };
  return (
    <div className="stack">
      <div className="row">
        <h2>
          {output.num_poses} poses, the best at {output.best_score} kcal/mol
        </h2>
        <span className="grow" />
        <Downloads id={job.id} output={output} />
      </div>
      <p className="dim target">
        More negative = predicted stronger; a scoring estimate, not a measured affinity.
      </p>
      {output.warnings?.map((warning) => (
        <p key={warning} className="target disagree">
          {plainText(warning)}
        </p>
      ))}
      <div className="docking">
        <Suspense fallback={<div className="viewer" />}>
          <Viewer id={job.id} output={output} selected={selected} />
        </Suspense>
        <div className="stack">
          <PoseChart {...shared} />
          <PoseTable {...shared} />
          <p className="dim">
            <kbd>[</kbd> and <kbd>]</kbd> go from pose to pose.
            {output.seed === undefined
              ? ""
              : ` Seed ${output.seed}, exhaustiveness ${output.exhaustiveness}.`}
          </p>
        </div>
      </div>
    </div>
  );
}

interface OpenPart {
  readonly tab?: string;
}

/** The pose number in the URL. */
function poseIn(search: OpenPart): number | undefined {
  return "pose" in search && typeof search.pose === "number" ? search.pose : undefined;
}

function withPose<Search extends OpenPart>(search: Search, pose: number): Search {
  return { ...search, pose };
}

function Downloads({ id, output }: { id: string; output: DockingOutput }) {
  const files = [
    ["PDBQT", output.output_file],
    ["SDF", output.sdf_file],
    ["CSV", "scores.csv"],
    ["Log", "vina.log"],
  ] as const;
  return (
    <span className="row downloads no-print">
      {files.map(([label, name]) =>
        name ? (
          <a key={label} className="row" href={artifactUrl(id, name)} download aria-label={label}>
            <Icon name="download" size={14} /> {label}
          </a>
        ) : null,
      )}
    </span>
  );
}

/**
 * The pose that was asked for last. The URL shows it only after the router has changed it, and a
 * second press may come before.
 */
function useWantedPose(selected: number): { current: number } {
  const isIdle = useRouterState({ select: ({ status }) => status === "idle" });
  const wanted = useRef(selected);
  useEffect(() => {
    if (isIdle) wanted.current = selected;
  }, [isIdle, selected]);
  return wanted;
}

function useBrackets(move: (from: (pose: number) => number) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof Element && event.target.closest("input, textarea, select")) return;
      if (event.key === "[") move((pose) => pose - 1);
      if (event.key === "]") move((pose) => pose + 1);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}
