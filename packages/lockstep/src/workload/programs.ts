/** A program that must be on a worker's machine. */
export interface RequiredProgram {
  readonly program: string;
  readonly debian_package: string;
}

/** What a kind's handler runs besides itself. */
export interface WorkloadPrograms {
  /** Shown to people whose job finds no worker. */
  readonly needed: readonly RequiredProgram[];
  /** Which of them this machine lacks. A worker offers the kind only when none is missing. */
  missing(): readonly RequiredProgram[];
}
