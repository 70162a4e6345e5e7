/** A program that must be installed on a worker's machine. */
export interface RequiredProgram {
  readonly program: string;
  readonly debian_package: string;
}

/** The programs that a kind's handler runs. */
export interface WorkloadPrograms {
  /** Shown to people whose job finds no worker. */
  readonly needed: readonly RequiredProgram[];
  /**
   * The needed programs that this machine lacks. A worker offers the kind only when none is
   * missing.
   */
  missing(): readonly RequiredProgram[];
}
