import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttemptOutcome } from "../job/index.js";
import { decodeSpool, encodeSpoolRecord, type SpoolRecord } from "./spool-codec.js";

const error = fc.record({
  name: fc.string(),
  message: fc.string({ unit: "binary" }),
  code: fc.option(fc.string()),
  stack: fc.option(fc.string({ unit: "grapheme" })),
});
const outcome: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  fc.record({ type: fc.constant("completed" as const), output: fc.json() }),
  fc.record({
    type: fc.constant("failed" as const),
    error,
    retry_in_ms: fc.option(fc.nat()),
    reason: fc.constantFrom("error" as const, "timeout" as const),
  }),
  fc.record({ type: fc.constant("released" as const) }),
  fc.record({ type: fc.constant("cancelled" as const), error: fc.option(error) }),
);
const spooled: fc.Arbitrary<SpoolRecord> = fc.record(
  {
    ledger_id: fc.uuid(),
    job_id: fc.uuid(),
    attempt: fc.integer({ min: 1, max: 2_147_483_647 }),
    worker_id: fc.uuid(),
    claim_token: fc.uuid(),
    outcome,
  },
  { requiredKeys: ["ledger_id", "job_id", "attempt", "worker_id", "outcome"] },
);
const settlements = fc.array(spooled, { minLength: 1, maxLength: 4 });

const encode = (all: readonly SpoolRecord[]) => all.map(encodeSpoolRecord);

/** How many of the records end at or before a position. */
function wholeBefore(parts: readonly Buffer[], position: number): number {
  let end = 0;
  return parts.filter((part) => {
    end += part.length;
    return end <= position;
  }).length;
}

describe("a spool's bytes", () => {
  it("decode to the records that were written", () => {
    fc.assert(
      fc.property(settlements, (all) => {
        const decoded = decodeSpool(Buffer.concat(encode(all)));
        expect(decoded).toEqual({ records: all, tornBytes: 0, damagedBytes: 0 });
      }),
    );
  });

  it("cut anywhere decode to every record before the cut, and the rest counts as torn", () => {
    fc.assert(
      fc.property(settlements, (all) => {
        const parts = encode(all);
        const bytes = Buffer.concat(parts);
        for (let cut = 0; cut <= bytes.length; cut += 1) {
          const whole = wholeBefore(parts, cut);
          const kept = Buffer.concat(parts.slice(0, whole)).length;
          expect(decodeSpool(bytes.subarray(0, cut))).toEqual({
            records: all.slice(0, whole),
            tornBytes: cut - kept,
            damagedBytes: 0,
          });
        }
      }),
      { numRuns: 20 },
    );
  });

  it("with any one byte changed decode to every other record", () => {
    fc.assert(
      fc.property(settlements, fc.integer({ min: 1, max: 255 }), (all, flip) => {
        const parts = encode(all);
        const bytes = Buffer.concat(parts);
        for (let position = 0; position < bytes.length; position += 1) {
          const damaged = Buffer.from(bytes);
          damaged[position]! ^= flip;
          const hit = wholeBefore(parts, position);
          const decoded = decodeSpool(damaged);
          expect(decoded.records).toEqual(all.filter((_, index) => index !== hit));
          const isLast = hit === all.length - 1;
          expect(isLast ? decoded.tornBytes : decoded.damagedBytes).toBe(parts[hit]!.length);
        }
      }),
      { numRuns: 10 },
    );
  });

  it("that are noise decode to no record and no error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        expect(decodeSpool(Buffer.from(noise)).records).toEqual([]);
      }),
    );
  });

  it("with a valid checksum but another shape count as damage, not as a record", () => {
    const text = Buffer.from('{"job_id":"no id"}');
    const good = encodeSpoolRecord({
      ledger_id: "0199aaaa-0000-7000-8000-000000000000",
      job_id: "0199aaaa-0000-7000-8000-000000000001",
      attempt: 1,
      worker_id: "0199aaaa-0000-7000-8000-000000000002",
      outcome: { type: "released" },
    });
    const header = Buffer.from(good.subarray(0, 8));
    const { length } = text;
    header.writeUInt32BE(length, 0);
    header.writeUInt32BE(crc32(text), 4);
    const decoded = decodeSpool(Buffer.concat([header, text, good]));
    expect(decoded.records).toHaveLength(1);
    expect(decoded.damagedBytes).toBe(8 + length);
  });
});
