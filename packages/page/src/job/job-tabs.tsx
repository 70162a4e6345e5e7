import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ComponentType, Suspense } from "react";
import { kindPage } from "../kinds/registry.js";
import type { KnownJob } from "../live/version-store.js";
import { ArtifactsTab } from "./artifacts-tab.js";
import { AttemptsTab } from "./attempts-tab.js";
import { InputTab, OutputTab, RawTab } from "./json-tabs.js";
import { LogsTab } from "./logs-tab.js";
import { TimelineTab } from "./timeline-tab.js";

type Tab = readonly [name: string, label: string, Body: ComponentType<{ job: KnownJob }>];

const RECORD: readonly Tab[] = [
  ["timeline", "Timeline", TimelineTab],
  ["attempts", "Attempts", AttemptsTab],
  ["logs", "Logs", LogsTab],
  ["input", "Input", InputTab],
  ["output", "Output", OutputTab],
  ["artifacts", "Artifacts", ArtifactsTab],
  ["raw", "Raw", RawTab],
];

function tabsOf(job: KnownJob): readonly Tab[] {
  const { Result } = kindPage(job.kind);
  const ready = job.status === "completed" && job.whole?.status === "completed";
  return Result && ready ? [["result", "Result", Result], ...RECORD] : RECORD;
}

/** Everything recorded about a job. The URL holds which tab is open. */
export function JobTabs({ job }: { job: KnownJob }) {
  const { tab } = useSearch({ from: "/jobs/$id" });
  const navigate = useNavigate({ from: "/jobs/$id" });
  const tabs = tabsOf(job);
  const open = tabs.find(([name]) => name === tab) ?? tabs[0];
  const [name, , Body] = open ?? ["", "", () => null];
  return (
    <div className="panel">
      <Tabs
        value={name}
        onChange={(next) =>
          void navigate({ search: (before) => ({ ...before, tab: next ?? "timeline" }), replace: true })
        }
      >
        <Tabs.List>
          {tabs.map(([value, label]) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={name} className="panel-body">
          <Suspense fallback={null}>
            <Body job={job} />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
