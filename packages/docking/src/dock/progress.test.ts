import { expect, it } from "vitest";
import { vinaProgress } from "./progress.js";

const HEAD =
  "#### If you used *** cite\nPerforming docking (random seed: 1) ... \n0%   10   20   100%\n|----|----|----|\n";

it("stars count only under the scale, wherever the text is split", () => {
  const whole = `${HEAD}${"*".repeat(51)}\n\nmode`;
  for (const step of [1, 7, 1_000]) {
    const read = vinaProgress();
    const seen: (number | null)[] = [];
    for (let at = 0; at < whole.length; at += step) seen.push(read(whole.slice(at, at + step)));
    expect(seen.at(-1)).toBe(1);
    if (step === 1) expect(seen.indexOf(0)).toBe(HEAD.length - 1);
  }
});

it("half of the stars mean half of the progress", () => {
  const read = vinaProgress();
  expect(read(HEAD.slice(0, 30))).toBeNull();
  expect(read(HEAD.slice(30))).toBe(0);
  expect(read("*".repeat(25))).toBeCloseTo(0.49, 2);
});
