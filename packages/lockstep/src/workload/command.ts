import type { Job, Json } from "../job/index.js";
import { type OptionValue, secondsNumber } from "./option-value.js";
import type { TextTools } from "./text.js";

/**
 * An option of a command. Its value is stored under its last name in camel case: `--num-modes`
 * under `numModes`.
 */
export interface CommandOption {
  /** Such as `--seed <n>`; without a value in angle brackets it is true when given. */
  readonly flags: string;
  readonly description: string;
  /** Default: the text itself. */
  readonly value?: OptionValue<unknown>;
  /** Default: the option is optional. */
  readonly required?: boolean;
  /** Options it cannot be combined with, by the names under which their values are stored. */
  readonly conflicts?: readonly string[];
}

/** For commands that wait for jobs. Its value is stored under `waitTimeout`. */
export const WAIT_TIMEOUT: CommandOption = {
  flags: "--timeout, --wait-timeout <seconds>",
  description: "stop waiting after this long, exit code 124; the job continues",
  value: secondsNumber,
};

/** Whether and how long a command waits for the job that it submits. */
export interface Follow {
  readonly wait: boolean;
  /** null: without limit. */
  readonly timeoutSeconds: number | null;
}

export interface CommandJob {
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface CommandBatch extends CommandJob {
  /** The batch's name. */
  readonly name: string;
  /** The path of a file on this machine. */
  readonly library: string;
  /** Skips lines of the library that are not valid, instead of rejecting the whole batch. */
  readonly skipInvalid: boolean;
}

/**
 * What a command receives when it runs. Every function that calls the API throws the API's errors.
 */
export interface CommandContext<Options> {
  readonly args: readonly string[];
  readonly options: Options;
  /** Whether data is printed as JSON, for programs. */
  readonly json: boolean;
  readonly text: TextTools;
  /** Prints data. */
  out(text: string): void;
  /** Prints a line about the progress. */
  note(text: string): void;
  /** Prints a suggestion for the next step. */
  hint(text: string): void;
  /**
   * Uploads a file of this machine.
   * @returns its id
   * @throws an error like that of `misuse` when it cannot be read
   */
  upload(path: string): Promise<string>;
  /** Downloads the response of an API address to a file of this machine. */
  download(address: string, path: string): Promise<void>;
  /**
   * Submits a job and prints its id. Or waits for it, prints how it ended and, with `json`, the
   * whole job.
   * @returns the command's exit code, and the job if it completed, otherwise null
   */
  submitJob(
    job: CommandJob,
    follow: Follow,
  ): Promise<{ readonly exitCode: number; readonly job: Job | null }>;
  /**
   * Submits a batch and prints its id, or waits for it and prints its best results.
   * @returns the exit code
   */
  submitBatch(batch: CommandBatch, follow: Follow): Promise<number>;
  /** @returns an error to throw: wrong usage of the command, exit code 64 */
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

/** An example for people who try a kind. */
export interface WorkloadExample {
  /** Arguments of the command line. */
  readonly command: string;
  /** What the command does. */
  readonly meaning: string;
  readonly input: Json;
}

/** A job that `lockstep demo` shows. */
export interface DemoJob {
  /** What happens, as shown to people. */
  readonly title: string;
  /** The object it happens to, as shown to people. */
  readonly place: string;
  readonly input: Json;
}

/** What `lockstep demo` shows of a kind. */
export interface WorkloadDemo {
  /** What it does, as part of a sentence. */
  readonly description: string;
  /** @param root the folder of the running program: real files to work on */
  plan(root: string): {
    /** Values of the workload's settings for the demo. */
    readonly settings: Readonly<Record<string, unknown>>;
    readonly jobs: readonly DemoJob[];
  };
  /** A completed job's output on a terminal. */
  text(job: Job, tools: TextTools): string;
  /** Members that programs receive besides the job's status. */
  facts(job: Job): Readonly<Record<string, unknown>>;
}
