import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findOrInstall } from "../../../tests/servers/install.js";

const FOLDER = "usr/share/doc/autodock-vina/test-data";

/** Makes sure that Vina and Open Babel are installed, and installs them where this process may. */
export function requireDockingTools(): void {
  findOrInstall("autodock-vina", () => (existsSync("/usr/bin/vina") ? true : null));
  findOrInstall("openbabel", () => (existsSync("/usr/bin/obabel") ? true : null));
}

/** The example protein and ligand in Debian's package of Vina: c-Abl kinase and imatinib. */
export interface ShippedData {
  readonly receptor: string;
  readonly ligand: string;
}

export function shippedData(): ShippedData {
  requireDockingTools();
  if (existsSync(`/${FOLDER}`)) return read("/");
  // Small systems skip documentation when they install packages. Then it is taken from the package
  // itself.
  const folder = mkdtempSync(join(tmpdir(), "lockstep-vina-"));
  try {
    execFileSync("apt-get", ["download", "-q", "autodock-vina"], { cwd: folder, stdio: "ignore" });
    execFileSync("sh", ["-c", "dpkg-deb -x autodock-vina_*.deb ."], { cwd: folder });
    return read(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(root: string): ShippedData {
  const file = (name: string) => readFileSync(join(root, FOLDER, name));
  return {
    receptor: gunzipSync(file("protein.pdbqt.gz")).toString("latin1"),
    ligand: file("ligand.pdbqt").toString("latin1"),
  };
}

/** A PDB file of a PDBQT's atoms without hydrogens, as in a crystal structure. */
export function crystal(pdbqt: string): string {
  const lines = pdbqt
    .split("\n")
    .filter((line) => /^(ATOM|HETATM)/.test(line) && !/ HD? *$/.test(line.slice(76)));
  return `${lines.map((line) => line.slice(0, 66)).join("\n")}\n`;
}

/** The pocket to which imatinib binds; small, so that a docking takes seconds. */
export const SMALL_BOX = { center: { x: 11, y: 93, z: 63 }, size: { x: 13, y: 13, z: 13 } };

/** Phenol as Open Babel prepares it: a ligand that Vina docks in a second, with one torsion. */
export const SMALL_LIGAND = `ROOT
HETATM    1  C   UNL     1       0.904  -0.006   0.012  0.00  0.00    +0.000 A
HETATM    2  C   UNL     1       0.200  -1.207   0.008  0.00  0.00    +0.000 A
HETATM    3  C   UNL     1      -1.196  -1.183  -0.002  0.00  0.00    +0.000 A
HETATM    4  C   UNL     1      -1.875   0.037  -0.007  0.00  0.00    +0.000 A
HETATM    5  C   UNL     1      -1.160   1.235   0.001  0.00  0.00    +0.000 A
HETATM    6  C   UNL     1       0.235   1.212   0.011  0.00  0.00    +0.000 A
ENDROOT
BRANCH   1   7
HETATM    7  O   UNL     1       2.267   0.021   0.015  0.00  0.00    +0.000 OA
HETATM    8  H   UNL     1       2.594  -0.893  -0.014  0.00  0.00    +0.000 HD
ENDBRANCH   1   7
TORSDOF 1
`;
