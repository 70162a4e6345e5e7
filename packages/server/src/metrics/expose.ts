import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Metrics } from "./metrics.js";

const HOST = "127.0.0.1";
const REQUEST_MS_MAX = 10_000;
const CONNECTIONS_MAX = 32;

/** The port on which a process without an API exposes its metrics. */
export interface MetricsPort {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Answers `GET /metrics` on loopback, without a key: users of this machine may read how many jobs
 * there are.
 * @param port 0 takes any free one
 */
export async function exposeMetrics(
  metrics: Pick<Metrics, "text" | "contentType">,
  port: number,
): Promise<MetricsPort> {
  const server = createServer({ requestTimeout: REQUEST_MS_MAX }, (request, response) => {
    void answer(metrics, request, response);
  });
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${taken}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { text, contentType }: Pick<Metrics, "text" | "contentType">,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A page of another site could point its name at 127.0.0.1 in DNS and read this through a local
  // browser.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) return end(response, 421);
  if (request.method !== "GET") return end(response, 405);
  if (request.url !== "/metrics") return end(response, 404);
  try {
    const body = await text();
    response.writeHead(200, { "content-type": contentType, "cache-control": "no-store" }).end(body);
  } catch {
    end(response, 500);
  }
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}
