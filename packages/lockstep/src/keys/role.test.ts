import { expect, it } from "vitest";
import { grants, ROLES } from "./role.js";

it("orders the roles read < submit < operate < admin, with work separate", () => {
  const table = Object.fromEntries(
    ROLES.map((held) => [held, ROLES.filter((needed) => grants(held, needed))]),
  );
  expect(table).toEqual({
    read: ["read"],
    submit: ["read", "submit"],
    operate: ["read", "submit", "operate"],
    work: ["read", "work"],
    admin: ["read", "submit", "operate", "work", "admin"],
  });
});
