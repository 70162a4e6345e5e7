/** A worker that has not been heard for two thirds of its lease gives its jobs up itself, before others take them. */
export interface LeaseWatch {
  /** Whether the lease can no longer be trusted. */
  readonly lost: boolean;
  stop(): void;
}

export interface LeaseWatchOptions {
  readonly leaseSeconds: number;
  /** Milliseconds since the last beat that the ledger took. */
  ageMs(): number;
  onLost(): void;
  onRegained(): void;
}

/**
 * Starts watching. The lease is lost at the second look in a row that finds the beat too old: after the event loop was
 * blocked, or the process stopped, a heartbeat gets the time between two looks to be sent and answered.
 */
export function watchLease({ leaseSeconds, ageMs, onLost, onRegained }: LeaseWatchOptions): LeaseWatch {
  const ageMsMax = (leaseSeconds * 2_000) / 3;
  let tooOld = 0;
  let lost = false;
  const check = (): void => {
    tooOld = ageMs() > ageMsMax ? tooOld + 1 : 0;
    const isLost = tooOld >= 2;
    if (lost === isLost) return;
    lost = isLost;
    if (lost) onLost();
    else onRegained();
  };
  const timer = setInterval(check, Math.min(250, Math.max(20, leaseSeconds * 25)));
  return {
    get lost() {
      return lost;
    },
    stop: () => clearInterval(timer),
  };
}
