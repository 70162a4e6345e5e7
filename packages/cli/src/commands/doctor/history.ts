import type { NotedWrite, RunRecord } from "@lockstep/doctor";
import type { Command } from "commander";
import { type CliSession, defineCommand, type Invocation } from "../../command.js";
import { configFileOption, DOCTOR_SETTINGS, type DoctorFlags, openDoctor } from "../../doctor/open-doctor.js";
import { agoText } from "../../duration-text.js";
import { safeLine } from "../../safe-text.js";
import { renderTable } from "../../table.js";

const WRITES_MAX = 50;

export function doctorHistoryCommand(session: CliSession): Command {
  return defineCommand<DoctorFlags>(session, {
    name: "history",
    summary: "List the runs of this data directory, newest first",
    description:
      "List the runs made from this data directory, newest first. For Lockstep's own stores, also list the latest writes, whichever process made them.",
    examples: ["lockstep doctor history"],
    settings: [...DOCTOR_SETTINGS],
    options: [configFileOption()],
    run: history,
  });
}

async function history(invocation: Invocation<DoctorFlags>): Promise<undefined> {
  const { terminal, json } = invocation;
  const { doctor, writes } = await openDoctor(invocation);
  try {
    const runs = (await doctor.history()).map(runOf);
    const noted = (await writes?.(WRITES_MAX)) ?? null;
    if (json) {
      terminal.json({ schema: "lockstep.doctor.history/1", runs, writes: noted });
      return;
    }
    if (runs.length === 0) terminal.note("no runs in this data directory");
    else terminal.out(runsTable(runs, terminal.width));
    if (noted !== null && noted.length > 0) terminal.out(`\n${writesTable(noted, terminal.width)}`);
  } finally {
    await doctor.close();
  }
}

function runOf({ begin, end, written, changed, refused }: RunRecord) {
  return {
    run: begin.run,
    kind: begin.kind,
    of: begin.of,
    actor: begin.actor,
    started_at: begin.started_at,
    ended_at: end?.ended_at ?? null,
    reason: end?.reason ?? "interrupted",
    written,
    changed,
    refused,
  };
}

function runsTable(runs: readonly ReturnType<typeof runOf>[], width: number | null): string {
  const now = new Date().toISOString();
  return renderTable(
    [
      { title: "RUN", cell: ({ run }) => run },
      { title: "WHAT", cell: ({ kind }) => kind },
      { title: "WHEN", cell: ({ started_at }) => agoText(started_at, now) },
      { title: "END", cell: ({ reason }) => reason },
      { title: "WRITTEN", cell: ({ written }) => String(written), align: "right" },
      { title: "LEFT ALONE", cell: ({ changed, refused }) => String(changed + refused), align: "right" },
      { title: "OF", cell: ({ of }) => of, shrinkTo: 8 },
    ],
    runs,
    width,
  );
}

function writesTable(writes: readonly NotedWrite[], width: number | null): string {
  const now = new Date().toISOString();
  return renderTable(
    [
      { title: "JOB", cell: ({ job_id }) => job_id },
      { title: "STORE", cell: ({ view }) => safeLine(view) },
      { title: "WRITE", cell: ({ action }) => action },
      { title: "OUTCOME", cell: ({ outcome }) => outcome ?? "unknown" },
      { title: "WHEN", cell: ({ at }) => agoText(at, now) },
      { title: "BY", cell: ({ actor }) => safeLine(actor), shrinkTo: 8 },
    ],
    writes,
    width,
  );
}
