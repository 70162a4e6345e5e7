import { describe, expect, it } from "vitest";
import { LINES_MAX, ReportBuffer } from "./report-buffer.js";

const messages = (part: { logs: readonly { message: string }[] }) => part.logs.map((line) => line.message);

describe("the reports of an attempt between two writes", () => {
  it("are its newest progress and its log lines in order", () => {
    const buffer = new ReportBuffer();
    buffer.setProgress(0.2, "early");
    buffer.setProgress(0.4, "late");
    buffer.addLine("info", "one");
    buffer.addLine("warn", "two");
    const part = buffer.peek(100, 10_000);
    expect(part.progress).toEqual({ fraction: 0.4, message: "late" });
    expect(messages(part)).toEqual(["one", "two"]);
    expect(part.logs[1]?.level).toBe("warn");
  });

  it("stay until they are written, and later ones stay longer", () => {
    const buffer = new ReportBuffer();
    buffer.setProgress(0.2, "early");
    buffer.addLine("info", "one");
    const part = buffer.peek(100, 10_000);
    buffer.setProgress(0.4, "late");
    buffer.addLine("info", "two");
    expect(messages(buffer.peek(100, 10_000))).toEqual(["one", "two"]);
    buffer.written(part);
    const rest = buffer.peek(100, 10_000);
    expect([rest.progress?.message, messages(rest)]).toEqual(["late", ["two"]]);
    buffer.written(rest);
    expect([buffer.isEmpty, buffer.bytes]).toEqual([true, 0]);
  });

  it("have a thousand lines at most, and say how many were dropped where they are missing", () => {
    const buffer = new ReportBuffer();
    for (let line = 0; line < LINES_MAX + 7; line += 1) buffer.addLine("info", `${line}`);
    const part = buffer.peek(10_000, 10_000_000);
    expect(part.logs).toHaveLength(LINES_MAX + 1);
    expect(messages(part).slice(-2)).toEqual(["999", "7 lines dropped"]);
    buffer.written(part);
    buffer.addLine("info", "after", false);
    expect(messages(buffer.peek(10, 1_000))).toEqual(["1 line dropped"]);
  });

  it("are written in parts that fit", () => {
    const buffer = new ReportBuffer();
    for (const line of ["aaaa", "bbbb", "cccc"]) buffer.addLine("info", line);
    expect(messages(buffer.peek(2, 1_000))).toEqual(["aaaa", "bbbb"]);
    expect(messages(buffer.peek(9, 8))).toEqual(["aaaa", "bbbb"]);
    expect(messages(buffer.peek(9, 1))).toEqual(["aaaa"]);
  });

  it("are bounded and storable", () => {
    const buffer = new ReportBuffer();
    buffer.addLine("info", `a\0b${"x".repeat(9_000)}`);
    expect(Buffer.byteLength(messages(buffer.peek(1, 1))[0]!)).toBe(8_192);
    expect(messages(buffer.peek(1, 1))[0]).toMatch(/^a\uFFFDbx/);
  });

  it("accept a fraction that is slightly out of range, and reject a value that is not a number", () => {
    const buffer = new ReportBuffer();
    buffer.setProgress(1.0000001, undefined);
    expect(buffer.peek(1, 1).progress).toEqual({ fraction: 1, message: null });
    expect(() => buffer.setProgress(Number.NaN, undefined)).toThrow(RangeError);
  });
});
