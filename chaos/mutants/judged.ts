/** The verdict on one mutant. */
export interface JudgedMutant {
  readonly mutant: string;
  /** null: no test noticed it. */
  readonly noticedBy: string | null;
  /** False: the tests ran for many times as long as without the mutant, and were killed. */
  readonly ended: boolean;
  readonly seconds: number;
}

export interface Judged {
  /** What ran without a mutant. */
  readonly baseline: { readonly name: string; readonly seconds: number }[];
  readonly mutants: JudgedMutant[];
}

export type Say = (line: string) => void;
