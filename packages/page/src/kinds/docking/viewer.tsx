import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { artifactUrl } from "../../job/artifact-url.js";
import { useColorScheme } from "../../theme/use-color-scheme.js";
import { asPdb, type DockingOutput, posesOf, structuresOf } from "./docking-output.js";
import { residuesNear } from "./near.js";

interface ViewerProps {
  readonly id: string;
  readonly output: DockingOutput;
  readonly selected: number;
}

/**
 * `near`: colour of the carbons of residues that are drawn atom by atom, as an HTML colour name.
 */
const COLOURS = {
  light: { ground: "#ffffff", receptor: "#b3c2de", near: "slategray" },
  dark: { ground: "#161a21", receptor: "#52648c", near: "lightsteelblue" },
} as const;
type Colours = (typeof COLOURS)[keyof typeof COLOURS];

type Scene = import("3dmol").GLViewer;

/** Ångström from the ligand within which a residue is drawn atom by atom. */
const NEAR = 5;

async function readText(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The file could not be read (${answer.status}).`);
  return await answer.text();
}

/** With bond orders if they are known. */
async function readPoses(id: string, { sdf_file, output_file }: DockingOutput) {
  if (sdf_file) return { poses: structuresOf(await readText(artifactUrl(id, sdf_file))), format: "sdf" };
  return { poses: posesOf(await readText(artifactUrl(id, output_file))).map(asPdb), format: "pdb" };
}

function canDraw(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

/** The receptor, the residues near the ligand, and the poses, with the selected pose thick. */
export default function Viewer({ id, output, selected }: ViewerProps) {
  const [drawable] = useState(canDraw);
  const files = useQuery({
    queryKey: ["docking-files", id],
    enabled: drawable,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const [receptor, poses] = await Promise.all([
        readText(artifactUrl(id, "receptor.pdbqt")),
        readPoses(id, output),
      ]);
      return { receptor: asPdb(receptor), ...poses };
    },
  });
  if (!drawable)
    return (
      <div className="viewer viewer-none" data-viewer="none">
        This browser has no WebGL, so the poses cannot be drawn in three dimensions. The chart and the table
        have everything else.
      </div>
    );
  if (files.error) return <div className="viewer viewer-none">{files.error.message}</div>;
  return files.data ? <Canvas {...files.data} selected={selected} /> : <div className="viewer" />;
}

interface CanvasProps {
  /** PDB. */
  readonly receptor: string;
  readonly poses: readonly string[];
  /** Of the poses. */
  readonly format: string;
  readonly selected: number;
}

function Canvas({ receptor, poses, format, selected }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const [scene, setScene] = useState<Scene | null>(null);
  const scheme = useColorScheme();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let made: Scene | null = null;
    let gone = false;
    void import("3dmol").then(({ createViewer }) => {
      if (gone) return;
      made = createViewer(element, {});
      made.addModel(receptor, "pdb");
      for (const pose of poses) made.addModel(pose, format);
      setScene(made);
    });
    return () => {
      gone = true;
      setScene(null);
      made?.clear();
      element.replaceChildren();
    };
  }, [receptor, poses, format]);
  useEffect(() => {
    if (!scene) return;
    const paper = matchMedia("print");
    const draw = () => paint(scene, poses.length, selected, COLOURS[paper.matches ? "light" : scheme]);
    box.current?.setAttribute("data-near-residues", String(draw()));
    aim(scene, selected);
    // Immediately: React's effects run too late for the print.
    const redraw = () => {
      draw();
      scene.render();
    };
    paper.addEventListener("change", redraw);
    return () => paper.removeEventListener("change", redraw);
  }, [scene, scheme, poses, selected]);
  return (
    <figure className="viewer-frame" data-viewer-pose={scene ? selected : undefined}>
      <div ref={box} className="viewer" role="img" aria-label={`Pose ${selected} in the receptor`} />
      <figcaption className="row no-print">
        <Button variant="default" size="compact-xs" onClick={() => scene && aim(scene, selected)}>
          Reset
        </Button>
        <Button variant="default" size="compact-xs" onClick={() => savePng(scene, selected)}>
          PNG
        </Button>
        <Button variant="default" size="compact-xs" onClick={() => void box.current?.requestFullscreen()}>
          Full screen
        </Button>
      </figcaption>
    </figure>
  );
}

/** @returns the number of residues drawn atom by atom */
function paint(scene: Scene, count: number, selected: number, colours: Colours): number {
  scene.setBackgroundColor(colours.ground, 1);
  const cartoon = { color: colours.receptor, opacity: 0.85 };
  scene.setStyle({ model: 0 }, { cartoon });
  const { residues, indices } = near(scene, selected);
  if (residues > 0)
    scene.setStyle(
      { model: 0, index: [...indices] },
      { cartoon, stick: { radius: 0.11, colorscheme: `${colours.near}Carbon` } },
    );
  for (let pose = 1; pose <= count; pose += 1)
    scene.setStyle(
      { model: pose },
      pose === selected
        ? { stick: { radius: 0.26, colorscheme: "mediumseagreenCarbon" } }
        : { line: { opacity: 0.5, colorscheme: "darkgrayCarbon" } },
    );
  return residues;
}

/**
 * The viewer's own selection by distance works within one model only, and the ligand is another
 * model.
 */
function near(scene: Scene, selected: number) {
  const atoms = (model: number) => scene.getModel(model).selectedAtoms({});
  return residuesNear(atoms(0), atoms(selected), NEAR);
}

/** Centres the view on the selected pose, with some space around it. */
function aim(scene: Scene, selected: number): void {
  scene.zoomTo({ model: selected });
  scene.zoom(0.62);
  scene.render();
}

function savePng(scene: Scene | null, pose: number): void {
  if (!scene) return;
  const link = document.createElement("a");
  link.href = scene.pngURI();
  link.download = `pose-${pose}.png`;
  link.click();
}
