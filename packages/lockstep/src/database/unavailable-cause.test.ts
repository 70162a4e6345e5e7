import { expect, it } from "vitest";
import { causeInWords } from "./unavailable-cause.js";

const fromServer = (code: string, message: string) =>
  Object.assign(new Error(message), { code, severity: "FATAL" });
const fromSystem = (code: string, message = "") => Object.assign(new Error(message), { code });

it.each([
  [
    fromServer("57P03", "the database system is starting up"),
    "the server is starting or stopping (57P03: the database system is starting up)",
  ],
  [fromServer("53999", "something new"), "the server refuses (53999: something new)"],
  [fromSystem("EAI_AGAIN"), "the name of the host cannot be looked up (EAI_AGAIN)"],
  [
    fromSystem("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
    "TLS failed: self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)",
  ],
  // Node gives this one when every address of a host refuses.
  [
    Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }),
    "nothing listens at that address (ECONNREFUSED)",
  ],
  [new Error("Connection terminated unexpectedly"), "the connection was lost"],
  [new Error("first line\nsecond line"), "first line"],
  [null, "the server did not answer"],
])("%s is %s", (error, words) => {
  expect(causeInWords(error)).toBe(words);
});
