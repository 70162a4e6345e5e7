import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findOrInstall } from "../../../tests/servers/install.js";

const FOLDER = "usr/share/doc/autodock-vina/test-data";

/** Makes sure Vina and Open Babel are there, installing them where this process may. */
export function requireDockingTools(): void {
  findOrInstall("autodock-vina", () => (existsSync("/usr/bin/vina") ? true : null));
  findOrInstall("openbabel", () => (existsSync("/usr/bin/obabel") ? true : null));
}

/** The protein and the ligand that Debian's package of Vina brings along to try it with: c-Abl kinase and imatinib. */
export interface ShippedData {
  readonly receptor: string;
  readonly ligand: string;
}

export function shippedData(): ShippedData {
  requireDockingTools();
  if (existsSync(`/${FOLDER}`)) return read("/");
  // Small systems leave documentation out when they install packages: then it is taken from the package itself.
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

/** A PDB file of a PDBQT's atoms without hydrogens: what a crystal structure looks like. */
export function crystal(pdbqt: string): string {
  const lines = pdbqt
    .split("\n")
    .filter((line) => /^(ATOM|HETATM)/.test(line) && !/ HD? *$/.test(line.slice(76)));
  return `${lines.map((line) => line.slice(0, 66)).join("\n")}\n`;
}

/** In the pocket that imatinib binds to; small, so that a docking takes seconds. */
export const SMALL_BOX = { center: { x: 11, y: 93, z: 63 }, size: { x: 13, y: 13, z: 13 } };
