import { ActionIcon } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../shell/icon.js";

const SHOWN_MS = 1_500;

/** Copies a text to the clipboard, and reports the result. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState("");
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Copying failed");
    }
    setTimeout(() => setSaid(""), SHOWN_MS);
  }
  return (
    <span className="row no-print">
      <ActionIcon
        size="sm"
        data-key={label === "Copy the id" ? "." : undefined}
        aria-label={label}
        title={label}
        onClick={() => void copy()}
      >
        <Icon name="copy" size={13} />
      </ActionIcon>
      <span className="dim" role="status">
        {said}
      </span>
    </span>
  );
}
