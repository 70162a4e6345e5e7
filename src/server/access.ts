import type { FastifyRequest } from "fastify";
import { LockstepError } from "../errors.js";
import { grants, type KeyStore, type Role } from "../keys/index.js";
import type { App } from "./app-type.js";
import { type HostGuard, isOwnHost, isOwnOrigin } from "./host-guard.js";

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
export interface Access {
  /**
   * Whether a request may do what its route needs.
   * @returns the actor
   * @throws UNAUTHORIZED, FORBIDDEN, ORIGIN_REFUSED
   */
  check(request: FastifyRequest, role: RouteRole): Promise<string>;
}

export interface AccessOptions {
  readonly keys: KeyStore;
  /** On loopback, and only there, everyone is admin for as long as no active key exists. */
  readonly loopback: boolean;
  /** Asked for at each request, for the port is known only once the server listens. */
  readonly guard: () => HostGuard;
}

const BEARER = /^Bearer +(\S+)$/i;
const READS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

export function createAccess({ keys, loopback, guard }: AccessOptions): Access {
  async function checkKey(token: string, role: Role): Promise<string> {
    const key = await keys.verify(token);
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
      const { authorization } = request.headers;
      if (authorization !== undefined) return await checkKey(BEARER.exec(authorization)?.[1] ?? "", role);
      refuseOtherSites(request, guard());
      if (!loopback || (await keys.any()))
        throw new LockstepError("UNAUTHORIZED", "Send an API key: Authorization: Bearer lk_...");
      return "api";
    },
  };
}

/** Without a key a request is trusted for coming from this machine, so it must not be another site's page that sends it. */
function refuseOtherSites(request: FastifyRequest, guard: HostGuard): void {
  if (!isOwnHost(request.headers.host, guard))
    throw new LockstepError("ORIGIN_REFUSED", "The Host header is not a name of this server.");
  const { origin } = request.headers;
  if (origin !== undefined && !READS.includes(request.method) && !isOwnOrigin(origin, guard))
    throw new LockstepError("ORIGIN_REFUSED", "The request comes from a page of another origin.");
}

/** Checks every request before its body is read. A route that says no role is refused when it is added. */
export function addAccessCheck(app: App, access: Access): void {
  app.decorateRequest("actor", "");
  app.addHook("onRoute", (route) => {
    const config = route.config ?? {};
    if (route.url.startsWith("/docs")) config.role = "public";
    if (!config.role) throw new Error(`the route ${String(route.method)} ${route.url} says no role`);
    route.config = config;
  });
  app.addHook("onRequest", async (request) => {
    // Only what is not found has no role, and it is answered without looking at anything.
    request.actor = await access.check(request, request.routeOptions.config.role ?? "public");
  });
}
