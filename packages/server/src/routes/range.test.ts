import { expect, it } from "vitest";
import { byteRange } from "./range.js";

it.each([
  ["bytes=0-9", { start: 0, end: 9 }],
  ["bytes=90-", { start: 90, end: 99 }],
  ["bytes=-10", { start: 90, end: 99 }],
  ["bytes=-1000", { start: 0, end: 99 }],
  ["bytes=50-1000", { start: 50, end: 99 }],
  ["bytes=100-", null],
  ["bytes=9-5", null],
  ["bytes=0-1,5-6", null],
  ["bytes=-", null],
  ["bytes=-0", null],
  ["items=0-1", null],
  [undefined, null],
])("%s of 100 bytes", (header, range) => {
  expect(byteRange(header, 100)).toEqual(range);
});
