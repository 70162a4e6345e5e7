import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { NonRetryableError } from "lockstep/internal/errors";
import { isPublicAddress } from "./address.js";

export interface HostOptions {
  /** A name or an address. */
  readonly host: string;
  readonly allowPrivateAddresses: boolean;
  readonly signal: AbortSignal;
  /** Resolves a host name. Default: the system's resolver. */
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
}

/**
 * Resolves a host name and checks its addresses: all must be public, because a connection may use
 * any of them.
 * @returns an empty list for a host that is itself an address, which was checked with the URL
 * @throws NonRetryableError for a private address; Error when the name has no address
 */
export async function judgedAddresses(options: HostOptions): Promise<readonly string[]> {
  const { host, allowPrivateAddresses, signal, lookUp = systemLookUp } = options;
  if (isIP(host) !== 0) return [];
  const addresses = await orAbort(lookUp(host), signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new Error("the git host's address could not be found", { cause });
  });
  if (addresses.length === 0) throw new Error("the git host has no address");
  if (!allowPrivateAddresses && !addresses.every(isPublicAddress)) {
    throw new NonRetryableError("the git host has a private address", { code: "PRIVATE_ADDRESS" });
  }
  return addresses;
}

async function systemLookUp(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
