import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { artifactUrl } from "../job/artifact-url.js";
import { useColorScheme } from "../theme/use-color-scheme.js";
import { type DockingOutput, posesOf } from "./docking-output.js";

interface ViewerProps {
  readonly id: string;
  readonly output: DockingOutput;
  readonly selected: number;
}

type Scene = import("3dmol").GLViewer;

/** Ångström: how near to the ligand a residue is drawn atom by atom. */
const NEAR = 5;

async function readText(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The file could not be read (${answer.status}).`);
  return await answer.text();
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
        readText(artifactUrl(id, output.output_file)),
      ]);
      return { receptor, poses: posesOf(poses) };
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

function Canvas({
  receptor,
  poses,
  selected,
}: {
  receptor: string;
  poses: readonly string[];
  selected: number;
}) {
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
      made.addModel(receptor, "pdbqt");
      for (const pose of poses) made.addModel(pose, "pdbqt");
      setScene(made);
    });
    return () => {
      gone = true;
      setScene(null);
      made?.clear();
      element.replaceChildren();
    };
  }, [receptor, poses]);
  useEffect(() => {
    if (!scene) return;
    scene.setBackgroundColor(scheme === "dark" ? "#161a21" : "#ffffff", 1);
    paint(scene, poses.length, selected);
  }, [scene, scheme, poses, selected]);
  return (
    <figure className="viewer-frame" data-viewer-pose={scene ? selected : undefined}>
      <div ref={box} className="viewer" role="img" aria-label={`Pose ${selected} in the receptor`} />
      <figcaption className="row no-print">
        <Button
          variant="default"
          size="compact-xs"
          onClick={() => scene?.zoomTo({ model: selected }).render()}
        >
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

function paint(scene: Scene, count: number, selected: number): void {
  scene.setStyle({ model: 0 }, { cartoon: { color: "spectrum", opacity: 0.85 } });
  scene.setStyle(
    { model: 0, byres: true, within: { distance: NEAR, sel: { model: selected } } },
    { cartoon: { color: "spectrum", opacity: 0.85 }, stick: { radius: 0.1 } },
  );
  for (let pose = 1; pose <= count; pose += 1)
    scene.setStyle(
      { model: pose },
      pose === selected
        ? { stick: { radius: 0.26, colorscheme: "cyanCarbon" } }
        : { line: { opacity: 0.4, colorscheme: "grayCarbon" } },
    );
  scene.zoomTo({ model: selected });
  scene.render();
}

function savePng(scene: Scene | null, pose: number): void {
  if (!scene) return;
  const link = document.createElement("a");
  link.href = scene.pngURI();
  link.download = `pose-${pose}.png`;
  link.click();
}
