import { connect, createServer, type Socket } from "node:net";

/** A proxy between a client and PostgreSQL that can be cut, or can lose the server's answers. */
export interface Proxy {
  readonly url: string;
  /**
   * An answer that contains this text does not arrive, nor does anything after it on that
   * connection, which stays open.
   */
  loseAnswersWith(text: string): void;
  /** How many connections have lost an answer. */
  lost(): number;
  /** How many connections were refused. */
  refused(): number;
  /** Lets new connections reach another server, and ends those to the previous one. */
  redirect(databaseUrl: string): void;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Ends every connection and lets new ones through. */
  restore(): void;
  close(): Promise<void>;
}

export async function openProxy(databaseUrl: string): Promise<Proxy> {
  let target = new URL(databaseUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let isCut = false;
  let losing: string | null = null;
  let [lost, refused] = [0, 0];

  const server = createServer((client) => {
    if (isCut) {
      refused += 1;
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.on("data", (bytes) => upstream.write(bytes));
    let isDeaf = false;
    upstream.on("data", (bytes) => {
      if (!isDeaf && losing !== null && bytes.includes(losing)) {
        isDeaf = true;
        lost += 1;
      }
      if (!isDeaf) client.write(bytes);
    });
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on("close", end).on("error", end);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String(address.port);

  const endAll = () => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };
  return {
    url: url.href,
    loseAnswersWith(text) {
      losing = text;
    },
    lost: () => lost,
    refused: () => refused,
    redirect(otherUrl) {
      target = new URL(otherUrl);
      endAll();
    },
    cut() {
      isCut = true;
      endAll();
    },
    restore() {
      isCut = false;
      losing = null;
      endAll();
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
