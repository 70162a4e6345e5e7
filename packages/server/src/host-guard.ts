import { isIPv4, isIPv6 } from "node:net";

const HOST = /^[a-z0-9.[\]:-]{1,255}$/i;

/** Whether an address or name to listen on is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return name === "localhost" || name === "::1" || (isIPv4(name) && name.startsWith("127."));
}

export interface HostGuard {
  /** The port this server listens on. */
  readonly port: number;
  /** Names besides loopback's, in lower case; one without a port matches any port. */
  readonly allowedHosts: readonly string[];
}

/**
 * Whether a `Host` header is a name of this server. A page of another site that pointed its own
 * name at 127.0.0.1 (DNS rebinding) sends that name here.
 */
export function isOwnHost(header: string | undefined, guard: HostGuard): boolean {
  // Nearly every request has one of these; an address is parsed only when it is different.
  if (header === `127.0.0.1:${guard.port}` || header === `localhost:${guard.port}`) return true;
  const url = header !== undefined && HOST.test(header) ? parse(`http://${header}`) : null;
  if (!url) return false;
  if (isLoopback(url.hostname) && Number(url.port || 80) === guard.port) return true;
  return guard.allowedHosts.includes(url.host) || guard.allowedHosts.includes(url.hostname);
}

/** Whether an `Origin` header belongs to this server's own pages. `null` and other sites do not. */
export function isOwnOrigin(origin: string, guard: HostGuard): boolean {
  const url = parse(origin);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return false;
  return isOwnHost(url.port ? url.host : `${url.hostname}:${url.protocol === "https:" ? 443 : 80}`, guard);
}

/** Whether an `Origin` header names exactly the host and port that the request was sent to. */
export function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  const url = origin === undefined ? null : parse(origin);
  const own = host !== undefined && HOST.test(host) ? parse(`${url?.protocol ?? "http:"}//${host}`) : null;
  return url !== null && own !== null && /^https?:$/.test(url.protocol) && url.host === own.host;
}

/** The address in the form for a URL. */
export function urlHost(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
