import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "lockstep/internal/job";
import { expect, it, onTestFinished } from "vitest";
import { parseDoctorConfig } from "../config/load-config.js";
import { Doctor } from "../doctor.js";
import type { ListedJob, Value, View } from "../views/view.js";

const careful = { prefer: {}, acceptMapping: false };

function value(status: Status): Value {
  const times = { createdAt: null, startedAt: null, finishedAt: null, updatedAt: null };
  return {
    state: "value",
    word: status,
    status,
    ...times,
    attempt: null,
    evidence: [],
    fingerprint: status,
    beforeImage: {},
  };
}

/** A view in which every job has one status. */
function place(name: string, status: Status, more: Partial<View> = {}): View {
  const read = async (ids: readonly string[]) => new Map(ids.map((id) => [id, value(status)]));
  return {
    name,
    type: "test",
    traits: {
      role: "queue",
      absence: "meaningful",
      knowsLocks: true,
      keepsResults: true,
      isAuthority: false,
    },
    examine: async () => ({ countEstimate: 1, writeObstacle: null, notes: [] }),
    pages: async function* () {
      yield [{ id: "a", answer: value(status) }];
    },
    idPages: async function* () {
      yield ["a"];
    },
    summaries: read,
    read,
    writer: {
      actions: ["settle"],
      fields: new Set(),
      wordFor: (word) => word,
      write: async () => ({ outcome: "changed" }),
      restore: async () => ({ outcome: "changed" }),
    },
    close: async () => undefined,
    ...more,
  };
}

function doctorOf(record: View, other: View): { readonly doctor: Doctor; readonly plans: () => string[] } {
  const stateDir = mkdtempSync(join(tmpdir(), "lockstep-plan-"));
  onTestFinished(() => rmSync(stateDir, { recursive: true }));
  const statuses = { a: "running" };
  const redis = { type: "redis-hash", url: "redis://127.0.0.1:1", key: "k", statuses };
  const config = { record: "table", quiet_period: "1ms", views: { table: redis, queue: redis } };
  const doctor = new Doctor({
    config: parseDoctorConfig(JSON.stringify(config), {}),
    stateDir,
    views: [record, other],
  });
  return { doctor, plans: () => readdirSync(join(stateDir, "plans")) };
}

it("no plan is made when a view fails in the middle, even if drift was found before", async () => {
  const pages = async function* (): AsyncIterable<readonly ListedJob[]> {
    yield [{ id: "a", answer: value("running") }];
    throw new Error("connection lost");
  };
  const { doctor, plans } = doctorOf(place("table", "running", { pages }), place("queue", "completed"));
  await expect(doctor.plan(careful)).rejects.toMatchObject({
    code: "VIEW_UNREADABLE",
    message: expect.stringContaining("not everything could be read: view table"),
  });
  expect(plans()).toEqual([]);
});

it("a view that must not be written is left alone, and the plan says why", async () => {
  const examine = async () => ({ countEstimate: 1, writeObstacle: "it is a replica", notes: [] });
  const { doctor } = doctorOf(place("table", "completed"), place("queue", "pending", { examine }));
  expect(await doctor.plan(careful)).toMatchObject({
    plan: null,
    skip_examples: [{ id: "a", pattern: "already-done", why: "queue: it is a replica" }],
  });
  const free = doctorOf(place("table", "completed"), place("queue", "pending"));
  expect(await free.doctor.plan(careful)).toMatchObject({
    repairs: 1,
    examples: [{ view: "queue", action: "settle" }],
  });
});
