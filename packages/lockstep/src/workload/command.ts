import type { Job, Json } from "../job/index.js";
import { type OptionValue, secondsNumber } from "./option-value.js";
import type { TextTools } from "./text.js";

/** An option of a command. Its value is found under its last name in camel case: `--num-modes` under `numModes`. */
export interface CommandOption {
  /** Such as `--seed <n>`; without a value in angle brackets it is true when given. */
  readonly flags: string;
  readonly description: string;
  /** Default: the text itself. */
  readonly value?: OptionValue<unknown>;
  /** Default: it can be left out. */
  readonly required?: boolean;
  /** Options it cannot be combined with, by the names under which their values are found. */
  readonly conflicts?: readonly string[];
}

/** For commands that wait for jobs. Its value is under `waitTimeout`. */
export const WAIT_TIMEOUT: CommandOption = {
  flags: "--timeout, --wait-timeout <seconds>",
  description: "give up waiting after so long, exit code 124; the job goes on",
  value: secondsNumber,
};

/** Whether a command waits for what it submits. */
export interface Follow {
  readonly wait: boolean;
  /** null: for ever. */
  readonly timeoutSeconds: number | null;
}

export interface CommandJob {
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface CommandBatch extends CommandJob {
  /** What the batch is called. */
  readonly name: string;
  /** The path of a file on this machine. */
  readonly library: string;
  /** Leaves out lines of the library that are not valid, instead of refusing all. */
  readonly skipInvalid: boolean;
}

/** What a command is given when it runs. Everything that calls the API throws what the API refused. */
export interface CommandContext<Options> {
  readonly args: readonly string[];
  readonly options: Options;
  /** Whether data is printed as JSON, for a program. */
  readonly json: boolean;
  readonly text: TextTools;
  /** Prints data. */
  out(text: string): void;
  /** Prints a line about what is going on. */
  note(text: string): void;
  /** The same for what one could do next. */
  hint(text: string): void;
  /** Uploads a file of this machine. @returns its id @throws an error like that of `misuse` when it cannot be read */
  upload(path: string): Promise<string>;
  /** Writes what an address of the API answers into a file of this machine. */
  download(address: string, path: string): Promise<void>;
  /**
   * Submits a job and prints its id, or waits for it, prints how it ended and, with `json`, the whole job.
   * @returns the command's exit code; the job when it has completed, else null
   */
  submitJob(
    job: CommandJob,
    follow: Follow,
  ): Promise<{ readonly exitCode: number; readonly job: Job | null }>;
  /** Submits a batch and prints its id, or waits for it and prints its best results. @returns the exit code */
  submitBatch(batch: CommandBatch, follow: Follow): Promise<number>;
  /** @returns an error to throw: the command was called wrongly, exit code 64 */
  misuse(message: string): Error;
}

/** A command of the command line, as data. */
export interface WorkloadCommand<Options = object> {
  /** Name and arguments, such as `write <to>`. */
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly string[];
  readonly options: readonly CommandOption[];
  /** @returns the exit code */
  run(context: CommandContext<Options>): Promise<number>;
}

/** How somebody tries a kind out. */
export interface WorkloadExample {
  /** Arguments of the command line. */
  readonly command: string;
  /** What the command does. */
  readonly meaning: string;
  readonly input: Json;
}

/** A job that `lockstep demo` shows. */
export interface DemoJob {
  /** What happens. */
  readonly title: string;
  /** To what. */
  readonly place: string;
  readonly input: Json;
}

/** What `lockstep demo` shows of a kind. */
export interface WorkloadDemo {
  /** What it does, as a part of a sentence. */
  readonly description: string;
  /** @param root the folder of the program that runs: something real to work on */
  plan(root: string): {
    /** Values of the workload's settings for the demo. */
    readonly settings: Readonly<Record<string, unknown>>;
    readonly jobs: readonly DemoJob[];
  };
  /** A completed job's output on a terminal. */
  text(job: Job, tools: TextTools): string;
  /** What is said of a job besides its status, for a program. */
  facts(job: Job): Readonly<Record<string, unknown>>;
}
