import { describe, expect, it } from "vitest";
import { checkGitRef, checkGitUrl } from "./git-url.js";

describe("a git URL", () => {
  it.each([
    ["https://github.com/owner/name.git", "https://github.com:443/owner/name.git", "github.com", 443],
    ["https://GitHub.com/owner/name", "https://github.com:443/owner/name", "github.com", 443],
    ["https://git.example.com:8443/a/b%20c", "https://git.example.com:8443/a/b%20c", "git.example.com", 8443],
    [
      "https://dev.example.com/~user/_git/x",
      "https://dev.example.com:443/~user/_git/x",
      "dev.example.com",
      443,
    ],
    ["https://8.8.8.8/x.git", "https://8.8.8.8:443/x.git", "8.8.8.8", 443],
    ["https://[2606:4700::1111]/x.git", "https://[2606:4700::1111]:443/x.git", "2606:4700::1111", 443],
  ])("%s is parsed and rebuilt", (text, href, host, port) => {
    expect(checkGitUrl(text, false)).toEqual({ ok: true, value: { href, host, port } });
  });

  it.each([
    ["another transport", "ext::sh -c touch% /tmp/x"],
    ["a helper in front", "ext::https://example.com/x"],
    ["http", "http://example.com/x"],
    ["ssh", "ssh://git@example.com/x"],
    ["scp's form", "git@example.com:x"],
    ["a file", "file:///etc"],
    ["a folder", "/srv/repo"],
    ["an option", "--upload-pack=touch /tmp/x"],
    ["an option as host", "https://-oProxyCommand=x/y"],
    ["capitals in the scheme", "HTTPS://example.com/x"],
    ["a user", "https://user@example.com/x"],
    ["a user and a password", "https://user:password@example.com/x"],
    ["an empty user", "https://@example.com/x"],
    ["a backslash", "https://example.com\\@evil.example/x"],
    ["a query", "https://example.com/x?y=1"],
    ["a fragment", "https://example.com/x#y"],
    ["a space", "https://example.com/x y"],
    ["a line break", "https://example.com/x\n"],
    ["NUL", "https://example.com/x\u0000"],
    ["an escaped line break", "https://example.com/x%0ay"],
    ["a broken escape", "https://example.com/x%zz"],
    ["a dot segment", "https://example.com/a/../b"],
    ["an escaped dot segment", "https://example.com/a/%2e%2e/b"],
    ["no path", "https://example.com"],
    ["an empty path", "https://example.com/"],
    ["no host", "https:///x"],
    ["a port out of range", "https://example.com:70000/x"],
    ["port 0", "https://example.com:0/x"],
    ["an empty label", "https://example..com/x"],
    ["a trailing dot", "https://localhost./x"],
    ["a non-ASCII host", "https://exämple.com/x"],
    ["2,001 characters", `https://example.com/${"x".repeat(2_000)}`],
  ])("with %s is refused even where private addresses are allowed", (_what, text) => {
    expect(checkGitUrl(text, true).ok).toBe(false);
  });

  it.each([
    "https://127.0.0.1/x",
    "https://localhost/x",
    "https://localhost:8443/x",
    "https://10.1.2.3/x",
    "https://169.254.169.254/latest",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://metadata.google.internal/x",
    "https://intranet/x",
  ])("to %s is refused unless private addresses are allowed", (text) => {
    expect(checkGitUrl(text, false)).toMatchObject({ ok: false });
    expect(checkGitUrl(text, true)).toMatchObject({ ok: true });
  });

  it.each([
    "https://2130706433/x",
    "https://0x7f.1/x",
    "https://127.1/x",
    "https://0177.0.0.1/x",
    "https://127.0.0.1.0x1/x",
  ])("with an address in an unusual notation, %s, is always refused", (text) =>
    expect(checkGitUrl(text, true).ok).toBe(false),
  );
});

describe("a git ref", () => {
  it.each(["main", "v1.2.3", "feature/x_1", "6f1ed002ab5595859014ebf0951522d9", "release-1.0+build"])(
    "accepts %s",
    (ref) => {
      expect(checkGitRef(ref)).toEqual({ ok: true, value: ref });
    },
  );
  it.each([
    "",
    "-x",
    "--upload-pack=x",
    "a..b",
    "a b",
    "a\n",
    "a:b",
    "+main",
    "a^",
    "a~1",
    "@{u}",
    "a@{1}",
    "a/",
    "a.lock",
    "/a",
    "a//b",
    "a/.b",
    "x".repeat(201),
  ])("refuses %j", (ref) => expect(checkGitRef(ref).ok).toBe(false));
});
