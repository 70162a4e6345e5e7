/** What became of one mutant. */
export interface JudgedMutant {
  readonly mutant: string;
  /** null: nobody. */
  readonly noticedBy: string | null;
  /** False: the tests went on for many times as long as without the mutant, and were killed. */
  readonly ended: boolean;
  readonly seconds: number;
}

export interface Judged {
  /** What ran with nothing left out. */
  readonly baseline: { readonly name: string; readonly seconds: number }[];
  readonly mutants: JudgedMutant[];
}

export type Say = (line: string) => void;
