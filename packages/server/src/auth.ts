import type { FastifyRequest } from "fastify";
import { LockstepError } from "lockstep/internal/errors";
import { grants, type KeyInfo, type KeyStore, type Role } from "lockstep/internal/keys";
import type { App } from "./app-type.js";
import { type HostGuard, isOwnHost, isOwnOrigin, isSameOrigin } from "./host-guard.js";
import { sessionOf } from "./session-cookie.js";

/** What a route needs: a role, or `public` for what holds no data of any job. */
export type RouteRole = Role | "public";

declare module "fastify" {
  interface FastifyContextConfig {
    role?: RouteRole;
  }
  interface FastifyRequest {
    /** Who makes the request, as the ledger records it: `api`, or `api:<key name>`. */
    actor: string;
  }
}

/** Who may call what. */
export interface Auth {
  /**
   * Whether a request may do what its route needs.
   * @returns the actor
   * @throws UNAUTHORIZED, FORBIDDEN, ORIGIN_REFUSED
   */
  check(request: FastifyRequest, role: RouteRole): Promise<string>;
  /** Who a browser is signed in as: by its cookie, or by being on this machine while there are no keys. null: nobody. */
  who(request: FastifyRequest): Promise<{ readonly name: string | null; readonly role: Role } | null>;
  /** @throws ORIGIN_REFUSED when it is not a page of this server that sends the request */
  requireOwnOrigin(request: FastifyRequest): void;
}

export interface AuthOptions {
  readonly keys: KeyStore;
  /** On loopback, and only there, everyone is admin for as long as no active key exists. */
  readonly loopback: boolean;
  /** Asked for at each request, for the port is known only once the server listens. */
  readonly guard: () => HostGuard;
}

const BEARER = /^Bearer +(\S+)$/i;
const READS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

export function createAuth({ keys, loopback, guard }: AuthOptions): Auth {
  function actorOf(key: KeyInfo | null, role: Role): string {
    if (!key) throw new LockstepError("UNAUTHORIZED", "The API key is unknown or was revoked.");
    if (!grants(key.role, role))
      throw new LockstepError(
        "FORBIDDEN",
        `This needs a key with the role ${role}; this key's role is ${key.role}.`,
      );
    return `api:${key.name}`;
  }
  return {
    async check(request, role) {
      if (role === "public") return "api";
      const { authorization, cookie } = request.headers;
      if (authorization !== undefined)
        return actorOf(await keys.verify(BEARER.exec(authorization)?.[1] ?? ""), role);
      const session = sessionOf(cookie);
      const key = session && (await keys.session(session));
      if (key) {
        if (!READS.includes(request.method)) requireSameOrigin(request);
        return actorOf(key, role);
      }
      assertSameSite(request, guard());
      if (!loopback || (await keys.any()))
        throw new LockstepError("UNAUTHORIZED", "Send an API key: Authorization: Bearer lk_...");
      return "api";
    },
    async who(request) {
      const session = sessionOf(request.headers.cookie);
      const key = session && (await keys.session(session));
      if (key) return { name: key.name, role: key.role };
      const trusted = loopback && isOwnHost(request.headers.host, guard()) && !(await keys.any());
      return trusted ? { name: null, role: "admin" } : null;
    },
    requireOwnOrigin: requireSameOrigin,
  };
}

/** A cookie is sent by the browser, whoever made it: a write must say that a page of this server did. */
function requireSameOrigin({ headers: { origin, host } }: FastifyRequest): void {
  if (!isSameOrigin(origin, host))
    throw new LockstepError("ORIGIN_REFUSED", "The request does not come from a page of this server.");
}

/** Without a key a request is trusted for coming from this machine, so it must not be another site's page that sends it. */
function assertSameSite(request: FastifyRequest, guard: HostGuard): void {
  if (!isOwnHost(request.headers.host, guard))
    throw new LockstepError("ORIGIN_REFUSED", "The Host header is not a name of this server.");
  const { origin } = request.headers;
  if (origin !== undefined && !READS.includes(request.method) && !isOwnOrigin(origin, guard))
    throw new LockstepError("ORIGIN_REFUSED", "The request comes from a page of another origin.");
}

/** Checks every request before its body is read. A route that says no role is refused when it is added. */
export function addAuthCheck(app: App, auth: Auth): void {
  app.decorateRequest("actor", "");
  app.addHook("onRoute", (route) => {
    const config = route.config ?? {};
    if (route.url.startsWith("/docs")) config.role = "public";
    if (!config.role) throw new Error(`the route ${String(route.method)} ${route.url} says no role`);
    route.config = config;
  });
  app.addHook("onRequest", (request, _reply, next) => {
    // Only what is not found has no role, and it is answered without looking at anything.
    auth.check(request, request.routeOptions.config.role ?? "public").then((actor) => {
      request.actor = actor;
      next();
    }, next);
  });
}
