import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { artifactUrl } from "../job/artifact-url.js";
import { useColorScheme } from "../theme/use-color-scheme.js";
import { asPdb, type DockingOutput, posesOf, structuresOf } from "./docking-output.js";

interface ViewerProps {
  readonly id: string;
  readonly output: DockingOutput;
  readonly selected: number;
}

const COLOURS = {
  light: { ground: "#ffffff", receptor: "#a9bbdd" },
  dark: { ground: "#161a21", receptor: "#5d7099" },
} as const;

type Scene = import("3dmol").GLViewer;

/** Ångström: how near to the ligand a residue is drawn atom by atom. */
const NEAR = 5;

async function readText(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The file could not be read (${answer.status}).`);
  return await answer.text();
}

/** With bond orders where they are known. */
async function readPoses(id: string, { sdf_file, output_file }: DockingOutput) {
  if (sdf_file) return { poses: structuresOf(await readText(artifactUrl(id, sdf_file))), format: "sdf" };
  return { poses: posesOf(await readText(artifactUrl(id, output_file))).map(asPdb), format: "pdb" };
}

function canDraw(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

/** The receptor, what is near the ligand, and the poses, with the selected one thick. */
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
    scene.setBackgroundColor(COLOURS[scheme].ground, 1);
    paint(scene, poses.length, selected, COLOURS[scheme].receptor);
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

function paint(scene: Scene, count: number, selected: number, colour: string): void {
  const cartoon = { color: colour, opacity: 0.9 };
  scene.setStyle({ model: 0 }, { cartoon });
  scene.setStyle(
    { model: 0, byres: true, within: { distance: NEAR, sel: { model: selected } } },
    { cartoon, stick: { radius: 0.09, colorscheme: "whiteCarbon" } },
  );
  for (let pose = 1; pose <= count; pose += 1)
    scene.setStyle(
      { model: pose },
      pose === selected
        ? { stick: { radius: 0.24, colorscheme: "greenCarbon" } }
        : { line: { opacity: 0.5, colorscheme: "grayCarbon" } },
    );
  aim(scene, selected);
}

/** The selected pose in the middle, with room around it for what it lies in. */
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
