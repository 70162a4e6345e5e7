/** Lets loops wait for news, each with a time limit. News that come while nobody waits are not kept. */
export interface Waker {
  /** Ends every wait. */
  wake(): void;
  /** @param ms at most */
  wait(ms: number): Promise<void>;
}

export function createWaker(): Waker {
  const waiting = new Set<() => void>();
  return {
    wake() {
      if (waiting.size === 0) return;
      for (const end of [...waiting]) end();
    },
    wait: (ms) =>
      new Promise((resolve) => {
        const end = (): void => {
          waiting.delete(end);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(end, ms);
        waiting.add(end);
      }),
  };
}
