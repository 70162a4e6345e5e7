import { expect, it } from "vitest";
import { keyNames } from "./key-names.js";

it("all names depend on the prefix, so that two systems can share one Redis", () => {
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

it("a prefix with pattern characters is matched literally", () => {
  expect(keyNames("a*b?[c]\\result:").valuePattern).toBe("a\\*b\\?\\[c\\]\\\\result:*");
});
