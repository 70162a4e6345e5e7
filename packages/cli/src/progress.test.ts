import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { createProgressLine, progressText } from "./progress.js";
import type { Terminal } from "./terminal.js";

describe("the text of a progress line", () => {
  const state = { label: "running", fraction: 0.25, done: 50, total: 200, message: "src/app.ts" };

  it("shows the fraction, the count, the speed and the time left", () => {
    expect(progressText(state, 10, null)).toBe("running   25 %  50/200  5.0/s  30 s left  src/app.ts");
  });

  it("never fills the last column, so that it cannot wrap", () => {
    for (const width of [20, 40, 80, 200])
      expect(stringWidth(progressText({ ...state, message: "寸法".repeat(200) }, 10, width))).toBeLessThan(
        width,
      );
  });

  it("shows the elapsed time when nothing else is known", () => {
    expect(progressText({ label: "pending", fraction: null }, 75, 80)).toBe("pending  1 min 15 s");
  });

  it("removes control characters from a message", () => {
    expect(progressText({ label: "running", fraction: 0, message: "\u001b[2Jx\ny" }, 0, null)).toBe(
      "running    0 %  0.0 s  x y",
    );
  });
});

describe("a progress line", () => {
  function record(noteWidth: number | null) {
    const written: string[] = [];
    const terminal = {
      noteWidth,
      note: (text: string) => written.push(`${text}\n`),
      draw: (text: string) => written.push(text),
    } as unknown as Terminal;
    let nowMs = 0;
    const line = createProgressLine(terminal, () => nowMs);
    const at = (ms: number) => {
      nowMs = ms;
      line.update({ label: "running", fraction: ms / 100_000 });
    };
    return { written, line, at };
  }

  it("prints a line every ten seconds without a terminal", () => {
    const { written, line, at } = record(null);
    for (let ms = 0; ms <= 30_000; ms += 500) at(ms);
    line.end();
    expect(written.map((text) => text.trimEnd())).toEqual([
      "running   10 %  1 min 30 s left",
      "running   20 %  1 min 20 s left",
      "running   30 %  1 min 10 s left",
    ]);
  });

  it("is drawn at most ten times a second on a terminal, and leaves nothing behind", () => {
    const { written, line, at } = record(80);
    for (let ms = 0; ms < 1_000; ms += 10) at(ms);
    line.end();
    expect(written.filter((text) => text.includes("running"))).toHaveLength(10);
    expect(written.at(-1)).toBe("\r\u001b[2K");
  });
});
