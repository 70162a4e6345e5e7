import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressOf, validateTemplate } from "./address.js";

const TEMPLATE = "http://127.0.0.1:8000/api/status/{id}?full=1";

describe("a template of an address", () => {
  it.each([TEMPLATE, "https://host/status?job={id}", "http://host/{id}.json"])("may be %s", (template) => {
    expect(validateTemplate(template)).toBeNull();
  });

  it.each([
    ["http://host/status", "once"],
    ["http://host/{id}/{id}", "once"],
    ["ftp://host/{id}", "http://"],
    ["/api/status/{id}", "http://"],
    ["http://{id}.host/status", "path or query"],
    ["http://host/status#{id}", "path or query"],
    ["http://me:secret@host/{id}", "password"],
  ])("may not be %s", (template, issue) => {
    expect(validateTemplate(template)).toContain(issue);
  });
});

describe("the address of a job", () => {
  it.each([
    ["a b", "/api/status/a%20b"],
    ["a/../../etc", "/api/status/a%2F..%2F..%2Fetc"],
    ["a?b#c", "/api/status/a%3Fb%23c"],
    ["$&$1", "/api/status/%24%26%241"],
    ["\u001b[31m\n", "/api/status/%1B%5B31m%0A"],
    ["'; drop table jobs; --", "/api/status/'%3B%20drop%20table%20jobs%3B%20--"],
  ])("keeps the id %j in its part of the address", (id, path) => {
    expect(addressOf(TEMPLATE, id)?.pathname).toBe(path);
  });

  it.each(["", ".", "..", "\ud800"])("is null for the id %j", (id) => {
    expect(addressOf(TEMPLATE, id)).toBeNull();
  });

  it("never leaves the host, the folder or the query of its template", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (id) => {
        const url = addressOf(TEMPLATE, id);
        if (url === null) return;
        expect(url.origin).toBe("http://127.0.0.1:8000");
        expect(url.search).toBe("?full=1");
        expect(url.hash).toBe("");
        expect(decodeURIComponent(url.pathname.slice("/api/status/".length))).toBe(id);
      }),
    );
  });
});
