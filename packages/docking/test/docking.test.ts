import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArtifactStore, createDiskStore } from "lockstep/internal/artifacts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DockingRun, runDocking, upload } from "./run-docking.js";
import { crystal, SMALL_BOX, shippedData } from "./tools.js";

let base: string;
let store: ArtifactStore;
let receptor: string;
let ligand: string;
let crystalFile: string;
const data = shippedData();
const QUICK = { exhaustiveness: 1, cpu: 1, seed: 7, box: SMALL_BOX };

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "lockstep-docking-test-"));
  store = createDiskStore({ dir: join(base, "store") });
  receptor = await upload(store, data.receptor, "protein.pdbqt");
  ligand = await upload(store, data.ligand, "ligand.pdbqt");
  const waters =
    "HETATM 9001  O   HOH A 901       1.000   2.000   3.000  1.00  0.00\nHETATM 9002  O   HOH A 902       1.000   8.000   3.000  1.00  0.00\n";
  crystalFile = await upload(store, crystal(data.receptor) + crystal(data.ligand) + waters, "complex.pdb");
});
afterAll(() => rm(base, { recursive: true, force: true }));

const dock = (input: object): Promise<DockingRun> =>
  runDocking({ receptor, ...QUICK, ...input }, { store, tempDir: base });

/** The structures of an SDF, each as its canonical SMILES text. */
function canonical(sdf: string): string[] {
  const text = execFileSync("/usr/bin/obabel", ["-isdf", "-ocan", "-h"], {
    input: sdf,
    stdio: ["pipe", "pipe", "ignore"],
  });
  return text
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.split("\t")[0] ?? "");
}

function canonicalOf(smiles: string): string {
  return execFileSync("/usr/bin/obabel", [`-:${smiles}`, "-ocan"], { stdio: ["ignore", "pipe", "ignore"] })
    .toString()
    .split(/\s/)[0] as string;
}

describe("a docking of a SMILES text", () => {
  it("gives the same scores for the same seed, and reports everything it did", async () => {
    const smiles = "C[C@H](O)c1ccccc1C(=O)O";
    const [first, second] = [await dock({ smiles }), await dock({ smiles, ligand_name: "mine" })];
    const { output } = first;
    expect(second.output.scores).toEqual(output.scores);
    expect(output).toMatchObject({
      num_poses: output.modes.length,
      best_score: output.scores[0],
      output_file: "docked.pdbqt",
      box: { ...SMALL_BOX, around: "given" },
      seed: 7,
      versions: { vina: expect.stringMatching(/^\d/), openbabel: expect.stringMatching(/^\d/) },
      warnings: [],
    });
    expect(output.best_score).toBeLessThan(-3);
    expect(output.scores).toEqual([...output.scores].sort((a, b) => a - b));
    expect(second.output.ligand.name).toBe("mine");

    const names = (await store.listArtifacts(first.jobId, 1)).map((artifact) => artifact.name);
    expect(names).toEqual(
      ["docked.pdbqt", "ligand.pdbqt", "poses.pdb", "poses.sdf", "receptor.pdbqt", "scores.csv", "vina.log"]
        .concat(output.modes.map((mode) => `pose-${mode.mode}.sdf`))
        .sort(),
    );
    expect((await first.artifact("scores.csv")).split("\r\n")[1]).toBe(`1,${output.best_score},0,0`);
    // Deprotonated at pH 7.4, with bond orders and chirality as they were written.
    const poses = canonical(await first.artifact("poses.sdf"));
    expect(poses).toEqual(output.modes.map(() => canonicalOf("C[C@H](O)c1ccccc1C(=O)[O-]")));

    const fractions = first.progress.map((step) => step.fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.filter((fraction) => fraction > 0.1 && fraction < 0.96).length).toBeGreaterThan(20);
    expect([...new Set(first.progress.map((step) => step.message))]).toEqual([
      "checking the input",
      "preparing the receptor",
      "preparing the ligand",
      "computing the grid",
      "docking ligand",
      "converting the poses",
      "writing the results",
      "done",
    ]);
  });

  it("keeps bond orders that could not be derived from distances", async () => {
    for (const smiles of ["O=C1C=CC(=O)C=C1", "C#CCC=NO"]) {
      const run = await dock({ smiles, num_modes: 2 });
      expect(new Set(canonical(await run.artifact("poses.sdf")))).toEqual(new Set([canonicalOf(smiles)]));
    }
  });
});

describe("a receptor from a crystal structure", () => {
  it("loses its water and its ligand; the box can be the place of the ligand", async () => {
    const input = { receptor: crystalFile, smiles: "Oc1ccccc1" };
    const { output, artifact } = await dock({ ...input, box: { around: "residue", residue: "STI:202" } });
    expect(output.box).toMatchObject({
      around: "residue",
      center: { x: expect.closeTo(19.3, 0), y: expect.closeTo(79.7, 0) },
    });
    expect(output.warnings).toContain("2 water molecules were left out of the receptor");
    expect(output.warnings.join()).toContain("STI:202");
    const prepared = await artifact("receptor.pdbqt");
    expect(prepared).not.toMatch(/HOH|STI/);
    expect(prepared).toMatch(/ HD *$/m);
    await expect(dock({ ...input, box: { around: "residue", residue: "ATP" } })).rejects.toMatchObject({
      code: "BOX_NOT_FOUND",
      message: expect.stringContaining("STI:202"),
    });
  });

  it("is searched as a whole, with a warning, when the input does not say where", async () => {
    // A piece of the protein: the whole one would take minutes.
    const piece = crystal(data.receptor)
      .split("\n")
      .filter(
        (line) =>
          Math.hypot(
            Number(line.slice(30, 38)) - 11,
            Number(line.slice(38, 46)) - 93,
            Number(line.slice(46, 54)) - 63,
          ) < 8,
      );
    const file = await upload(store, piece.join("\n"), "piece.pdb");
    const { output } = await dock({ receptor: file, smiles: "CCO", box: undefined });
    expect(output.box.around).toBe("receptor");
    expect(output.warnings.join()).toContain("whole receptor");
  });
});

describe("a ligand file", () => {
  const flat = `acid\n\n\n  4  3  0  0  0  0            999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.0000    0.0000    0.0000 C   0  0
    1.5000    1.0000    0.0000 O   0  0
    1.5000   -1.0000    0.0000 O   0  0
  1  2  1  0
  2  3  2  0
  2  4  1  0
M  END
$$$$
`;
  it("with a flat drawing is given a 3D shape", async () => {
    const run = await dock({ ligand: await upload(store, flat + flat, "two.sdf"), num_modes: 1 });
    expect(run.output.warnings.join()).toMatch(/holds 2 molecules.*no 3D coordinates/);
    expect(canonical(await run.artifact("poses.sdf"))).toEqual([canonicalOf("CC(=O)[O-]")]);
  });

  it("with names and SMILES is read as such", async () => {
    const run = await dock({
      ligand: await upload(store, "c1ccncc1 pyridine\nCCO ethanol\n", "x.smi"),
      num_modes: 1,
    });
    expect(run.output.warnings.join()).toContain("holds 2 molecules");
  });
});

describe("an input that cannot be docked is rejected with the reason", () => {
  const file = (content: string) => upload(store, content, "file");
  const huge = "C".repeat(151);
  it.each<[code: string, why: RegExp, input: () => Promise<object>]>([
    ["FILE_NOT_FOUND", /receptor's file is missing/, async () => ({ receptor: "0".repeat(64), smiles: "C" })],
    ["RECEPTOR_EMPTY", /empty/, async () => ({ receptor: await file(" \n"), smiles: "C" })],
    ["RECEPTOR_UNREADABLE", /no atoms/, async () => ({ receptor: await file("hello"), smiles: "C" })],
    ["RECEPTOR_UNREADABLE", /ROOT/, async () => ({ receptor: await file(data.ligand), smiles: "C" })],
    ["LIGAND_EMPTY", /empty/, async () => ({ ligand: await file("\n") })],
    ["LIGAND_UNREADABLE", /not SDF/, async () => ({ ligand: await file("\0\u0001") })],
    [
      "LIGAND_UNREADABLE",
      /read as SDF/,
      async () => ({ ligand: await file("x\n\n\nnothing V2000\nM  END\n") }),
    ],
    ["LIGAND_UNREADABLE", /no ROOT/, async () => ({ ligand: receptor })],
    ["SMILES_INVALID", /character 9/, async () => ({ ligand: await file("c1ccccc1X bad") })],
    ["SMILES_INVALID", /not a valid molecule/, async () => ({ smiles: "c1cccc1" })],
    ["ATOM_UNKNOWN", /B \(atom/, async () => ({ smiles: "OB(O)c1ccccc1" })],
    ["LIGAND_TOO_LARGE", /151 atoms/, async () => ({ smiles: huge })],
    [
      "BOX_OUTSIDE_RECEPTOR",
      /the receptor lies at x/,
      async () => ({ ligand, box: { center: { x: 900, y: 0, z: 0 }, size: SMALL_BOX.size } }),
    ],
    ["BOX_TOO_LARGE", /cubic/, async () => ({ ligand, box: { around: "receptor", margin: 20 } })],
  ])("%s: %s", async (code, why, input) => {
    await expect(dock(await input())).rejects.toMatchObject({
      name: "NonRetryableError",
      code,
      message: expect.stringMatching(why),
    });
    expect((await readdir(base)).filter((name) => name.startsWith("lockstep-docking-"))).toEqual([]);
  });

  it("a program that uses more than its limit is stopped", async () => {
    const input = { receptor, ...QUICK, exhaustiveness: 64, smiles: "CCCCCCCC" };
    for (const limits of [{ vinaMs: 300 }, { memoryBytesMax: 1_000_000 }])
      await expect(runDocking(input, { store, tempDir: base, limits })).rejects.toMatchObject({
        code: "LIMIT_EXCEEDED",
      });
  });
});
