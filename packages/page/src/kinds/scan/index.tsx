import { lazy } from "react";
import type { KindPage } from "../kind-page.js";

const scan: KindPage = {
  Result: lazy(async () => ({ default: (await import("./scan-result.js")).ScanResult })),
  form: {
    alternatives: {
      label: "What to scan",
      options: [
        { name: "path", label: "Folder", fields: ["path"] },
        { name: "git", label: "Git repository", fields: ["git", "ref"] },
        { name: "file", label: "Archive", fields: ["file"] },
      ],
    },
    files: ["file"],
    rare: ["include", "exclude", "scanners"],
  },
  firstJob: { label: "Scan a folder", command: "lockstep scan . --wait", input: { path: "." } },
};

export default scan;
