/**
 * A worker without a successful heartbeat for two thirds of its lease gives its jobs up itself,
 * before other workers get them.
 */
export interface LeaseWatch {
  /** Whether the lease can no longer be trusted. */
  readonly lost: boolean;
  stop(): void;
}

export interface LeaseWatchOptions {
  readonly leaseSeconds: number;
  /** Milliseconds since the last successful heartbeat. */
  ageMs(): number;
  onLost(): void;
  onRegained(): void;
}

/**
 * Starts watching. The lease counts as lost at the second check in a row that finds the heartbeat
 * too old. So after a blocked event loop or a suspended process, a heartbeat has the time between
 * two checks to be sent and answered.
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
