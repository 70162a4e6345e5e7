import type { Command } from "commander";
import { defineCommand, type Session } from "../../command.js";
import { configFileOption, DOCTOR_SETTINGS, type DoctorFlags, openDoctor } from "../../doctor/open-doctor.js";
import { agoText } from "../../duration-text.js";
import { renderTable } from "../../table.js";

export function doctorHistoryCommand(session: Session): Command {
  return defineCommand<DoctorFlags>(session, {
    name: "history",
    summary: "List the runs that were made here, newest first",
    examples: ["lockstep doctor history"],
    settings: [...DOCTOR_SETTINGS],
    options: [configFileOption()],
    async run(invocation) {
      const { terminal, json } = invocation;
      const { doctor } = await openDoctor(invocation);
      try {
        const runs = (await doctor.history()).map(({ begin, end, written, changed, refused }) => ({
          run: begin.run,
          kind: begin.kind,
          of: begin.of,
          started_at: begin.started_at,
          ended_at: end?.ended_at ?? null,
          reason: end?.reason ?? "interrupted",
          written,
          changed,
          refused,
        }));
        if (json) return terminal.json({ schema: "lockstep.doctor.history/1", runs }) ?? undefined;
        if (runs.length === 0) return terminal.note("no run was made here") ?? undefined;
        const now = new Date().toISOString();
        terminal.out(
          renderTable(
            [
              { title: "RUN", cell: ({ run }) => run },
              { title: "WHAT", cell: ({ kind }) => kind },
              { title: "WHEN", cell: ({ started_at }) => agoText(started_at, now) },
              { title: "END", cell: ({ reason }) => reason },
              { title: "WRITTEN", cell: ({ written }) => String(written), align: "right" },
              {
                title: "LEFT ALONE",
                cell: ({ changed, refused }) => String(changed + refused),
                align: "right",
              },
              { title: "OF", cell: ({ of }) => of, shrinkTo: 8 },
            ],
            runs,
            terminal.width,
          ),
        );
      } finally {
        await doctor.close();
      }
      return undefined;
    },
  });
}
