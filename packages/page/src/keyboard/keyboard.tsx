import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { KIND_KEYS } from "../kinds/registry.js";
import { listenForShortcuts, SHORTCUTS } from "./shortcuts.js";

const Palette = lazy(() => import("./palette.js"));

/** Keyboard control of the page: shortcuts, their help, and the palette. */
export function Keyboard() {
  const navigate = useNavigate();
  const [open, setOpen] = useState<"help" | "palette" | null>(null);
  useEffect(
    () =>
      listenForShortcuts({
        go: (path) => void navigate({ to: path }),
        help: () => setOpen("help"),
        palette: () => setOpen("palette"),
      }),
    [navigate],
  );
  return (
    <>
      <Modal opened={open === "help"} onClose={() => setOpen(null)} title="Keyboard">
        <table className="table">
          <tbody>
            {[...SHORTCUTS, ...KIND_KEYS].map(([keys, what]) => (
              <tr key={keys}>
                <td>
                  {keys.split(" ").map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </td>
                <td>{what}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Modal>
      {open === "palette" ? (
        <Suspense fallback={null}>
          <Palette onClose={() => setOpen(null)} />
        </Suspense>
      ) : null}
    </>
  );
}
