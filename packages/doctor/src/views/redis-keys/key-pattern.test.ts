import { describe, expect, it } from "vitest";
import { keyPattern } from "./key-pattern.js";

describe("a pattern of keys", () => {
  it("converts ids to keys and keys to ids", () => {
    const { keyOf, idOf } = keyPattern("app:{id}:state");
    expect(keyOf("a:b")).toBe("app:a:b:state");
    expect(idOf("app:a:b:state")).toBe("a:b");
  });

  it.each(["app::state", "app:state", "other:a:state", "app:a:stat"])("has no id for %s", (key) => {
    expect(keyPattern("app:{id}:state").idOf(key)).toBeNull();
  });

  it("escapes the special characters of SCAN", () => {
    expect(keyPattern("a[1]*{id}").glob).toBe("a\\[1\\]\\**");
  });
});
