import { describe, expect, it } from "vitest";
import { selfTimes } from "../../bench/profile/cpu-profile.js";
import { summedPlans } from "../../bench/profile/trigger-times.js";
import { parsedStats } from "../../bench/profile/wal-records.js";

const node = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

describe("the profile of a job", () => {
  it("gives each function and each group its self time, without idle time", () => {
    const profile = {
      nodes: [
        node(1, "(idle)", ""),
        node(2, "report", "file:///p/packages/lockstep/dist/worker/reporter.js"),
        node(3, "parseRow", "file:///p/node_modules/pg-protocol/dist/parser.js"),
        node(4, "writev", ""),
      ],
      samples: [2, 3, 1, 4, 2],
      timeDeltas: [50, 100, 200, 400, 800],
    };
    const { functions, groups } = selfTimes(profile, 10);
    expect(groups).toEqual([
      { micros: 80, group: "(native)" },
      { micros: 20, group: "pg-protocol" },
      { micros: 10, group: "lockstep/worker" },
    ]);
    expect(functions[2]).toEqual({
      micros: 10,
      function: "report",
      at: "lockstep/dist/worker/reporter.js:10",
    });
  });

  it("counts a common table expression once, and a trigger by its name", () => {
    const plan = {
      "Query Text": "with picked as (...)\n update jobs",
      Plan: {
        "Node Type": "ModifyTable",
        Operation: "Update",
        "Relation Name": "jobs",
        "Actual Total Time": 10,
        "Actual Loops": 1,
        Plans: [
          {
            "Node Type": "LockRows",
            "Subplan Name": "CTE picked",
            "Actual Total Time": 5,
            "Actual Loops": 1,
          },
          { "Node Type": "CTE Scan", "CTE Name": "picked", "Actual Total Time": 6, "Actual Loops": 1 },
        ],
      },
      Triggers: [{ "Trigger Name": "jobs_log", Relation: "jobs", Time: 3, Calls: 1 }],
    };
    const text = JSON.stringify(plan, null, 2).replaceAll("\n", "\n\t");
    const log = `10:00 LOG:  duration: 13.1 ms  plan:\n\t${text}\n10:01 LOG:  checkpoint starting\n`;
    const { nodes, triggers } = summedPlans(log, 1_000);
    expect(triggers).toEqual([{ micros: 3, calls: 1, trigger: "jobs_log on jobs" }]);
    expect(nodes.map(({ step, micros }) => [step, micros])).toEqual([
      ["LockRows ", 5],
      ["Update jobs", 4],
      ["CTE Scan picked", 1],
    ]);
  });

  it("reads the records of the write-ahead log from the output of pg_waldump", () => {
    const stats = [
      "WAL statistics between 0/14EA4F8 and 0/1B51D58:",
      "Type                     N      (%)          Record size      (%)     FPI size      (%)  Combined size",
      "----                     -      ---          -----------      ---     --------      ---  -------------",
      "Heap/INSERT          19900 ( 41.20)              4390123 ( 52.10)           12 (  0.10)        4390135 ( 52.00)",
      "Heap/INSERT+INIT       500 (  1.20)               145300 (  1.80)            0 (  0.00)         145300 (  1.80)",
      "                  --------                      --------                --------               --------",
      "Total                20400                      4535423 [99.99%]             12 [0.01%]        4535435 [100%]",
    ].join("\n");
    expect(parsedStats(stats)).toEqual([
      { record: "Heap/INSERT", count: 19_900, pages: 12, bytes: 4_390_135 },
      { record: "Heap/INSERT+INIT", count: 500, pages: 0, bytes: 145_300 },
    ]);
  });
});
