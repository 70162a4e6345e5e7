import { NonRetryableError } from "lockstep/internal/errors";

/** Why a docking fails, as the `code` of the job's error. docs/docking.md explains each. */
export type DockingErrorCode =
  | "FILE_NOT_FOUND"
  | "RECEPTOR_UNREADABLE"
  | "RECEPTOR_EMPTY"
  | "RECEPTOR_TOO_LARGE"
  | "LIGAND_UNREADABLE"
  | "LIGAND_EMPTY"
  | "LIGAND_TOO_LARGE"
  | "SMILES_INVALID"
  | "ATOM_UNKNOWN"
  | "BOX_OUTSIDE_RECEPTOR"
  | "BOX_TOO_LARGE"
  | "BOX_NOT_FOUND"
  | "LIMIT_EXCEEDED"
  | "VINA_FAILED";

/** A docking that fails on every retry. */
export function dockingError(code: DockingErrorCode, message: string, cause?: unknown): NonRetryableError {
  return new NonRetryableError(message, cause === undefined ? { code } : { code, cause });
}
