import { expect, it } from "vitest";
import { keyNames } from "./key-names.js";

it("names are made from the prefix, so that two systems on one Redis differ in all of them", () => {
  const { value, record, changes, wakeUps } = keyNames("result:");
  expect([value("x"), record, changes, wakeUps]).toEqual([
    "result:x",
    "lockstep:generation",
    "lockstep:changes",
    "lockstep:hints",
  ]);
  expect(keyNames("shop:result:").record).toBe("shop:lockstep:generation");
  expect(keyNames("jobs:").record).toBe("jobs:lockstep:generation");
  expect(keyNames("").record).toBe("lockstep:generation");
});

it("a prefix with the letters of a pattern stands for itself", () => {
  expect(keyNames("a*b?[c]\\result:").valuePattern).toBe("a\\*b\\?\\[c\\]\\\\result:*");
});
