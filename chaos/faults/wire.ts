import { connect, createServer, type Socket } from "node:net";

/** How a wire treats the traffic. */
export type WireMode =
  | { readonly mode: "pass" }
  /** Every piece arrives this much later. */
  | { readonly mode: "delay"; readonly ms: number }
  /**
   * Nothing arrives, and neither side notices; when the mode ends, what was held is delivered late.
   */
  | { readonly mode: "hold" }
  /**
   * Requests arrive, replies are lost. Connections that lost one stay silent, and end with the
   * mode.
   */
  | { readonly mode: "lose replies" }
  /** Every connection is closed, and new ones are refused. */
  | { readonly mode: "refuse" };

/** A TCP wire in front of a server; it can be disturbed. */
export interface Wire {
  readonly url: string;
  set(mode: WireMode): void;
  /** Resets every connection at once. @returns how many */
  reset(): number;
  /** The next piece of each connection arrives half, and then the connection is closed. */
  cutNext(direction: "requests" | "replies"): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  isDeaf: boolean;
  cut: "requests" | "replies" | null;
}

/**
 * Opens a wire on a free local port. @param target the server's URL; the wire's has the same path
 * and user
 */
export async function openWire(target: string): Promise<Wire> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<Pair>();
  let mode: WireMode = { mode: "pass" };

  const listener = createServer((client) => {
    if (mode.mode === "refuse") {
      client.resetAndDestroy();
      return;
    }
    const server = connect(Number(port), hostname);
    const pair: Pair = { client, server, isDeaf: false, cut: null };
    pairs.add(pair);
    carry(pair, "requests", () => mode);
    carry(pair, "replies", () => mode);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on("close", end).on("error", end);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("the wire has no port");
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String(address.port);

  const reset = (): number => {
    const ended = [...pairs];
    for (const { client, server } of ended) {
      client.resetAndDestroy();
      server.destroy();
    }
    return ended.length;
  };
  return {
    url: url.href,
    set(next) {
      if (next.mode === "refuse") reset();
      for (const pair of pairs) if (pair.isDeaf) pair.client.resetAndDestroy();
      mode = next;
    },
    reset,
    cutNext(direction) {
      for (const pair of pairs) pair.cut = direction;
    },
    async close() {
      reset();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

const HOLD_POLL_MS = 20;

/** Carries one direction of a connection, each piece after the previous one. */
function carry(pair: Pair, direction: "requests" | "replies", modeNow: () => WireMode): void {
  const from = direction === "requests" ? pair.client : pair.server;
  const to = direction === "requests" ? pair.server : pair.client;
  let last: Promise<void> | null = null;
  const pass = (piece: Buffer): void => {
    const mode = modeNow();
    if (mode.mode === "lose replies" && direction === "replies") pair.isDeaf = true;
    if (pair.isDeaf && direction === "replies") return;
    if (pair.cut === direction) {
      to.end(piece.subarray(0, Math.ceil(piece.length / 2)), () => from.destroy());
      pair.cut = null;
      return;
    }
    if (!to.destroyed) to.write(piece);
  };
  from.on("data", (piece: Buffer) => {
    const mode = modeNow();
    if (last === null && mode.mode !== "delay" && mode.mode !== "hold") {
      pass(piece);
      return;
    }
    const mine: Promise<void> = (last ?? Promise.resolve())
      .then(() => held(modeNow, from))
      .then(() => pass(piece))
      .then(() => {
        if (last === mine) last = null;
      });
    last = mine;
  });
}

async function held(modeNow: () => WireMode, socket: Socket): Promise<void> {
  const mode = modeNow();
  if (mode.mode === "delay") await pause(mode.ms);
  while (modeNow().mode === "hold" && !socket.destroyed) await pause(HOLD_POLL_MS);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
