import { setTimeout as delay } from "node:timers/promises";

const CALLERS = 4;
const PAUSE_MS = 12;
const RETRY_MS = 100;
const CALL_MS_MAX = 5_000;

export interface Load {
  /** The submits that were answered with 2xx: the job's id, and the `n` it was submitted with. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Submits nothing more. Resolves when every submit in progress was accepted. */
  stop(): Promise<void>;
}

let next = 0;

/**
 * Clients that submit to any server that answers. They repeat each submit until it is accepted,
 * with a key that makes this safe.
 */
export function startLoad(urls: readonly string[]): Load {
  const accepted = new Map<string, number>();
  let stopping = false;
  const caller = async (at: number): Promise<void> => {
    for (let turn = at; !stopping; turn++) {
      const n = next++;
      accepted.set(await submit(urls, turn, n), n);
      await delay(PAUSE_MS);
    }
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, (_, at) => caller(at)));
  callers.catch(() => undefined);
  return {
    accepted,
    async stop() {
      stopping = true;
      await callers;
    },
  };
}

async function submit(urls: readonly string[], turn: number, n: number): Promise<string> {
  const body = JSON.stringify({ kind: "step", input: { n, ms: n % 40, fails: n % 10 === 0 ? 1 : 0 } });
  const headers = { "content-type": "application/json", "idempotency-key": `step-${n}` };
  for (let call = 0; ; call++) {
    const url = `${urls[(turn + call) % urls.length]}/api/jobs`;
    const signal = AbortSignal.timeout(CALL_MS_MAX);
    const answer = await fetch(url, { method: "POST", body, headers, signal })
      .then(async (response) => ({
        status: response.status,
        body: (await response.json()) as { id: string },
      }))
      .catch(() => null);
    if (answer !== null && answer.status < 300) return answer.body.id;
    // The server is down, overloaded or ended while it answered: the call is repeated on another
    // one. Anything else is a fault.
    if (answer !== null && answer.status !== 503 && answer.status !== 429)
      throw new Error(`a submit was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
    await delay(RETRY_MS);
  }
}
