import { expect, it } from "vitest";
import {
  givenFields,
  recordedFields,
  SUBMIT_FIELD_NAMES,
  SUBMIT_FIELDS,
  type SubmitFields,
  submitFieldFaults,
  submitFieldsOf,
} from "./submit-fields.js";

const pointers = (asked: unknown) => submitFieldFaults(asked as SubmitFields).map(({ pointer }) => pointer);

it("a program's options become fields, with milliseconds and RFC 3339, and absent options stay absent", () => {
  expect(submitFieldsOf({})).toEqual({});
  expect(
    submitFieldsOf({
      timeout: "2m",
      runAt: new Date(0),
      maxAttempts: 5,
      uniqueKey: "a",
      tags: [],
      priority: 0,
    }),
  ).toEqual({
    timeout_ms: 120_000,
    run_at: "1970-01-01T00:00:00.000Z",
    max_attempts: 5,
    unique_key: "a",
    tags: [],
    priority: 0,
  });
});

it("every recorded field has a value, and a malformed trace context is left out", () => {
  const recorded = recordedFields({ priority: -5, traceparent: "nonsense" });
  expect(Object.keys(recorded)).toEqual(SUBMIT_FIELD_NAMES);
  expect(recorded).toMatchObject({ queue: "default", priority: -5, max_attempts: 3, run_at: null, tags: [] });
  expect(recorded.traceparent).toBeNull();
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  expect(recordedFields({ traceparent }).traceparent).toBe(traceparent);
});

it("null counts as absent, and only known fields are taken", () => {
  expect(givenFields({ queue: "mail", timeout_ms: null, ...{ kind: "scan" } })).toEqual({ queue: "mail" });
});

it("finds all faults at once, each with a pointer and one sentence", () => {
  expect(submitFieldFaults({ priority: 40_000, tags: ["fine", ""] })).toEqual([
    { pointer: "/priority", detail: "must be an integer from -32768 to 32767" },
    { pointer: "/tags", detail: SUBMIT_FIELDS.tags.rule },
  ]);
  const wrong = {
    queue: "Mail",
    priority: 0.5,
    max_attempts: 0,
    timeout_ms: 2 ** 31,
    unique_key: "a\nb",
    limit_key: "",
  };
  expect(pointers({ ...wrong, idempotency_key: "x".repeat(256) })).toEqual(
    [...Object.keys(wrong), "idempotency_key"].map((name) => `/${name}`),
  );
  expect(pointers({ traceparent: "nonsense" })).toEqual([]);
});

it.each(["2031-02-03T04:05:06Z", "2031-02-03 04:05:06.123456+15:00", "2031-02-03t04:05:06z"])(
  "accepts %s as a time",
  (run_at) => expect(pointers({ run_at })).toEqual([]),
);

it.each([
  "2031-02-03",
  "2031-02-30T04:05:06Z",
  "2031-02-03T25:05:06Z",
  "1969-12-31T23:59:59Z",
  "2031-02-03T04:05:06+16:00",
  "soon",
])("does not accept %s as a time", (run_at) => expect(pointers({ run_at })).toEqual(["/run_at"]));

it("HTTP and the ledger accept and refuse the same values", () => {
  const values = [
    null,
    "",
    "a",
    "A b",
    "x\ny",
    "x".repeat(300),
    0,
    1,
    0.5,
    -32_769,
    2 ** 31,
    ["a"],
    [""],
    "2031-02-03T04:05:06Z",
  ];
  for (const { schema, holds } of Object.values(SUBMIT_FIELDS).filter(({ rule }) => rule !== ""))
    expect(values.map((value) => schema.safeParse(value).success)).toEqual(values.map(holds));
});
