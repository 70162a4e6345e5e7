import { isIP } from "node:net";
import { isLocalName, isPublicAddress } from "./address.js";

export const GIT_URL_MAX = 2_000;
export const GIT_REF_MAX = 200;

/** An https git URL, parsed and rebuilt, so that git receives nothing that was not checked. */
export interface GitUrl {
  readonly href: string;
  /** A name or an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issue: string };

const URL_SHAPE = /^https:\/\/(?<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(?<port>\d{1,5}))?(?<path>\/.*)$/;
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
// Unreserved characters, a few more characters of RFC 3986, and escapes of printable or non-ASCII
// bytes.
const PATH = /^(?:[A-Za-z0-9._~/+@,=-]|%[2-6][0-9A-Fa-f]|%7[0-9A-Ea-e]|%[89A-Fa-f][0-9A-Fa-f])+$/;
const REF = /^[A-Za-z0-9][A-Za-z0-9._/+@-]*$/;

const bad = (issue: string) => ({ ok: false, issue }) as const;

/**
 * Checks a git URL against a grammar that is much narrower than git's own: https only, no
 * credentials, query or fragment, nothing that git could interpret as an option or another
 * transport.
 * @param allowPrivateAddresses otherwise a local name or a literal address off the public internet
 *   is refused
 */
export function checkGitUrl(text: string, allowPrivateAddresses: boolean): Checked<GitUrl> {
  if (text.length > GIT_URL_MAX) return bad(`is longer than ${GIT_URL_MAX} characters`);
  if (!text.startsWith("https://")) return bad("must begin with https://");
  if (/[\s\p{C}]/u.test(text)) return bad("holds a space or a control character");
  if (/[?#]/.test(text)) return bad("must have no query and no fragment");
  if (text.slice("https://".length).split("/", 1)[0]?.includes("@")) return bad("must have no credentials");
  const parts = URL_SHAPE.exec(text)?.groups;
  if (!parts?.host || !parts.path) return bad("must have a host and a path");
  const host = checkHost(parts.host, allowPrivateAddresses);
  if (!host.ok) return host;
  const port = parts.port === undefined ? 443 : Number(parts.port);
  if (port < 1 || port > 65_535) return bad("has a port out of range");
  const issue = validatePath(parts.path);
  if (issue) return bad(issue);
  const authority = host.value.includes(":") ? `[${host.value}]` : host.value;
  return { ok: true, value: { href: `https://${authority}:${port}${parts.path}`, host: host.value, port } };
}

function checkHost(written: string, allowPrivateAddresses: boolean): Checked<string> {
  const host = written.startsWith("[") ? written.slice(1, -1) : written.toLowerCase();
  if (isIP(host) === 0) {
    if (!HOST_NAME.test(host)) return bad("has no valid host name");
    // Some resolvers accept 127.1, 0x7f.1 and 2130706433 as addresses.
    if (/^(?:\d+|0x[0-9a-f]*)$/.test(host.split(".").at(-1) ?? "")) return bad("has no valid host name");
    if (!allowPrivateAddresses && isLocalName(host)) return bad("names a host of the local network");
  } else if (!allowPrivateAddresses && !isPublicAddress(host)) {
    return bad("names a private address");
  }
  return { ok: true, value: host };
}

function validatePath(path: string): string | null {
  if (!PATH.test(path)) return "has a character in its path that is not allowed";
  const segments = decodeURIComponentSafely(path)?.split("/");
  if (!segments) return "has an invalid escape in its path";
  if (segments.includes("..") || segments.includes(".")) return "has a dot segment in its path";
  if (path === "/") return "must have a host and a path";
  return null;
}

function decodeURIComponentSafely(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // Not UTF-8: an expected result.
  }
}

/**
 * Checks the name of a branch or tag, or a commit id, against a part of `git check-ref-format`'s
 * rules.
 */
export function checkGitRef(text: string): Checked<string> {
  if (text.length > GIT_REF_MAX) return bad(`is longer than ${GIT_REF_MAX} characters`);
  if (!REF.test(text) || /\.\.|\/\/|@\{|\/\.|\.lock(?:\/|$)|[./]$/.test(text))
    return bad("is not the name of a branch, a tag or a commit");
  return { ok: true, value: text };
}
