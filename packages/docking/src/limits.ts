const MIB = 1_048_576;

/** Limits of one docking. */
export interface DockingLimits {
  /** Milliseconds for Vina. */
  readonly vinaMs: number;
  /** Milliseconds for each step of the preparation. */
  readonly prepareMs: number;
  /** Bytes of memory for one program. */
  readonly memoryBytesMax: number;
  /** Bytes that a program may print. */
  readonly printedBytesMax: number;
  /** Bytes of one file that a program writes. */
  readonly fileBytesMax: number;
  /** Bytes of the receptor file and of the ligand file. */
  readonly inputBytesMax: number;
  /** Atoms of the receptor. */
  readonly receptorAtomsMax: number;
  /** Atoms of the ligand that are not hydrogen. */
  readonly ligandHeavyAtomsMax: number;
  /** Rotatable bonds of the ligand. Vina gives no useful result for more. */
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
