import type { FastifyRequest } from "fastify";
import { LockstepError } from "lockstep/internal/errors";
import { grants, type KeyInfo, type KeyStore, type Role } from "lockstep/internal/keys";
import type { App } from "./app-type.js";
import { type HostGuard, isOwnHost, isOwnOrigin, isSameOrigin } from "./host-guard.js";
import { sessionOf } from "./session-cookie.js";

/** The role a route requires, or `public` for routes without any job's data. */
export type RouteRole = Role | "public";

declare module "fastify" {
  interface FastifyContextConfig {
    role?: RouteRole;
  }
  interface FastifyRequest {
    caller: Caller;
    /** The caller's name, as the ledger records it. */
    actor: string;
  }
}

/** Who makes a request. */
export interface Caller {
  /** As the ledger records it: `api`, or `api:<key name>`. */
  readonly actor: string;
  /** null: a request without a key, to a public route or to a server without keys. */
  readonly key: KeyInfo | null;
}

const NOBODY: Caller = { actor: "api", key: null };

/** Decides who may call which route. */
export interface Auth {
  /**
   * Checks that a request may call its route.
   * @throws UNAUTHORIZED, FORBIDDEN, ORIGIN_REFUSED
   */
  check(request: FastifyRequest, role: RouteRole): Promise<Caller>;
  /**
   * Who a browser is signed in as: by its cookie, or by being on this machine while there are no
   * keys. null: nobody.
   */
  who(request: FastifyRequest): Promise<{ readonly name: string | null; readonly role: Role } | null>;
  /** @throws ORIGIN_REFUSED unless a page of this server sends the request */
  requireOwnOrigin(request: FastifyRequest): void;
}

export interface AuthOptions {
  readonly keys: KeyStore;
  /** On loopback, and only there, everyone is admin as long as no key was ever created. */
  readonly loopback: boolean;
  /** A function, because the port is known only once the server listens. */
  readonly guard: () => HostGuard;
}

const BEARER = /^Bearer +(\S+)$/i;
const READS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

export function createAuth({ keys, loopback, guard }: AuthOptions): Auth {
  function callerOf(key: KeyInfo | null, role: Role): Caller {
    if (!key) throw new LockstepError("UNAUTHORIZED", "The API key is unknown or was revoked.");
    if (!grants(key.role, role))
      throw new LockstepError(
        "FORBIDDEN",
        `This needs a key with the role ${role}; this key's role is ${key.role}.`,
      );
    return { actor: `api:${key.name}`, key };
  }
  /** Whether a request needs no key. */
  const isTrusted = async (request: FastifyRequest): Promise<boolean> =>
    loopback && !isProxied(request) && !(await keys.any()).created;
  return {
    async check(request, role) {
      if (role === "public") return NOBODY;
      const { authorization, cookie } = request.headers;
      if (authorization !== undefined)
        return callerOf(await keys.verify(BEARER.exec(authorization)?.[1] ?? ""), role);
      const session = sessionOf(cookie);
      const key = session && (await keys.session(session));
      if (key) {
        if (!READS.includes(request.method)) requireSameOrigin(request);
        return callerOf(key, role);
      }
      assertSameSite(request, guard());
      if (!(await isTrusted(request))) throw new LockstepError("UNAUTHORIZED", keyNeeded(request));
      return NOBODY;
    },
    async who(request) {
      const session = sessionOf(request.headers.cookie);
      const key = session && (await keys.session(session));
      if (key) return { name: key.name, role: key.role };
      const trusted = isOwnHost(request.headers.host, guard()) && (await isTrusted(request));
      return trusted ? { name: null, role: "admin" } : null;
    },
    requireOwnOrigin: requireSameOrigin,
  };
}

/**
 * A proxy on this machine forwards requests of others, so a request that came through one is not
 * trusted because of its address.
 */
function isProxied({ headers }: FastifyRequest): boolean {
  return Object.keys(headers).some(
    (name) => name === "forwarded" || name === "via" || name.startsWith("x-forwarded-"),
  );
}

function keyNeeded(request: FastifyRequest): string {
  const send = "Send an API key: Authorization: Bearer lk_...";
  return isProxied(request)
    ? `A request that comes through a proxy needs a key. ${send} The command lockstep keys create makes the first.`
    : send;
}

/**
 * The browser sends the cookie whichever page makes the request, so a write must show that a page
 * of this server made it.
 */
function requireSameOrigin({ headers: { origin, host } }: FastifyRequest): void {
  if (!isSameOrigin(origin, host))
    throw new LockstepError("ORIGIN_REFUSED", "The request does not come from a page of this server.");
}

/**
 * Without a key a request is trusted because it comes from this machine, so it must not come from
 * another site's page.
 */
function assertSameSite(request: FastifyRequest, guard: HostGuard): void {
  if (!isOwnHost(request.headers.host, guard))
    throw new LockstepError("ORIGIN_REFUSED", "The Host header is not a name of this server.");
  const { origin } = request.headers;
  if (origin !== undefined && !READS.includes(request.method) && !isOwnOrigin(origin, guard))
    throw new LockstepError("ORIGIN_REFUSED", "The request comes from a page of another origin.");
}

/**
 * Checks every request before its body is read. A route without a role is rejected when it is
 * added.
 */
export function addAuthCheck(app: App, auth: Auth): void {
  app.decorateRequest("caller");
  app.decorateRequest("actor", "");
  app.addHook("onRoute", (route) => {
    const config = route.config ?? {};
    if (route.url.startsWith("/docs")) config.role = "public";
    if (!config.role) throw new Error(`the route ${String(route.method)} ${route.url} has no role`);
    route.config = config;
  });
  app.addHook("onRequest", (request, _reply, next) => {
    // Only unknown addresses have no role, and they are answered without reading any data.
    auth.check(request, request.routeOptions.config.role ?? "public").then((caller) => {
      request.caller = caller;
      request.actor = caller.actor;
      next();
    }, next);
  });
}
