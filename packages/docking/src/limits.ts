const MIB = 1_048_576;

/** What one docking may use. */
export interface DockingLimits {
  /** Milliseconds for Vina. */
  readonly vinaMs: number;
  /** Milliseconds for each step of the preparation. */
  readonly prepareMs: number;
  /** Bytes of memory of one program. */
  readonly memoryBytesMax: number;
  /** Bytes a program may print. */
  readonly printedBytesMax: number;
  /** Bytes of one file a program may write. */
  readonly fileBytesMax: number;
  /** Bytes of the receptor's and the ligand's file. */
  readonly inputBytesMax: number;
  /** Atoms of the receptor's file. */
  readonly receptorAtomsMax: number;
  /** Atoms of the ligand that are not hydrogen. */
  readonly ligandHeavyAtomsMax: number;
  /** Bonds of the ligand that can turn. Vina finds nothing sensible for more. */
  readonly ligandTorsionsMax: number;
  /** Ångström. */
  readonly boxSideMin: number;
  readonly boxSideMax: number;
  /** Cubic ångström. Vina's memory grows with it: 250,000 takes about 0.7 GB. */
  readonly boxVolumeMax: number;
}

export const DOCKING_LIMITS: DockingLimits = {
  vinaMs: 6 * 3_600_000,
  prepareMs: 300_000,
  memoryBytesMax: 4_096 * MIB,
  printedBytesMax: 4 * MIB,
  fileBytesMax: 64 * MIB,
  inputBytesMax: 50 * MIB,
  receptorAtomsMax: 200_000,
  ligandHeavyAtomsMax: 150,
  ligandTorsionsMax: 40,
  boxSideMin: 1,
  boxSideMax: 126,
  boxVolumeMax: 250_000,
};
