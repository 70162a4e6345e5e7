/** One process of another system. argv[2] is JSON: { design, role, port, ...Servers }. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Role } from "../../faults/child.js";
import type { Work } from "../system.js";
import { say, sayAlive } from "../work.mjs";
import type { Api, Servers } from "./design.js";
import { DESIGNS } from "./designs.js";

const orders = JSON.parse(process.argv[2] ?? "") as Servers & { design: string; role: Role; port: number };
const design = await DESIGNS[orders.design]?.();
if (!design) throw new Error(`there is no design ${orders.design}`);

// As most programs run: an uncaught error is logged, and the process continues.
process.on("uncaughtException", (error) => void process.stderr.write(`${error.stack}\n`));
process.on("unhandledRejection", (error) => void process.stderr.write(`${String(error)}\n`));
process.once("SIGTERM", () => process.exit(0));
sayAlive();

async function answer(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    let text = "";
    for await (const piece of request) text += piece;
    const key = request.url?.slice("/status/".length) ?? "";
    const body =
      request.method === "POST" ? await api.submit(JSON.parse(text) as Work[]) : await api.status(key);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
  } catch {
    response.writeHead(503).end();
  }
}

if (orders.role === "worker") {
  await design.startWorker(orders);
  say({ e: "ready" });
} else {
  const api = await design.startApi(orders);
  const server = createServer((request, response) => void answer(api, request, response));
  server.listen(orders.port, "127.0.0.1", () => say({ e: "ready" }));
}
