/** Where a contender finds its servers. */
export interface Servers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** An empty folder for this contender. */
  readonly dataDir: string;
  /** How many handlers may run at once. */
  readonly concurrency: number;
}

/** A way to run jobs, measured with the settings that its makers recommend. */
export interface Contender {
  readonly name: string;
  readonly version: string;
  /** What an acknowledged submit or completion guarantees, in a few words each. */
  readonly promises: {
    /** Whether a status is on disk when it is acknowledged. */
    readonly durable: string;
    /** Whether finished jobs and their outcomes can be read later. */
    readonly history: string;
    /** Whether a job called running is being run. */
    readonly running: string;
  };
  readonly uses: { readonly postgres: boolean; readonly redis: boolean };
  open(servers: Servers): Promise<OpenContender>;
}

export interface OpenContender {
  /** At most 1,000 jobs at once, as fast as possible. */
  submitMany(inputs: readonly Input[]): Promise<void>;
  /** One job, acknowledged. @returns its id */
  submitOne(input: Input): Promise<string>;
  /** Starts a worker in this process. @param onRun is called when a handler starts */
  work(onRun: (input: Input) => void): Promise<void>;
  /** Whether readers can see that this job has completed. */
  isVisiblyDone(id: string): Promise<boolean>;
  /** Whether no job is left, by its own record; cheap. */
  isEmpty(): Promise<boolean>;
  close(): Promise<void>;
}

/** About 100 bytes. */
export interface Input {
  readonly n: number;
  readonly text: string;
}

export const inputOf = (n: number): Input => ({ n, text: "x".repeat(80) });
export const RESULT = { ok: true };
