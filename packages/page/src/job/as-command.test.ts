import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { asCli } from "./as-command.js";

it("a shell passes the job's input unchanged, whatever it contains", () => {
  const input = { text: "it's $(id) `id` \\ \" !! \n ; rm -rf ~" };
  const command = asCli({ kind: "echo", queue: "default", whole: { input } } as never);
  const printed = execFileSync("sh", ["-c", `lockstep() { printf '%s' "$6"; }\n${command}`], {
    encoding: "utf8",
  });
  expect(JSON.parse(printed)).toEqual(input);
});
