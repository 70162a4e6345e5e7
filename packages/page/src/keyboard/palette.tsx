import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { kindsQuery } from "../api/queries.js";
import { STATUSES } from "../api/words.js";

interface Entry {
  readonly label: string;
  go(): void;
}

/** All destinations, found by a part of their name. */
export default function Palette({ onClose }: { onClose(): void }) {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const wanted = words.toLowerCase();
  const found = useEntries().filter(({ label }) => label.toLowerCase().includes(wanted));
  const chosen = Math.min(at, found.length - 1);
  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.go();
  };
  return (
    <Modal opened onClose={onClose} title="Go to" yOffset="12vh">
      <input
        className="input"
        aria-label="Go to"
        data-autofocus
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") open(found[chosen]);
          if (event.key === "ArrowDown") setAt(Math.min(chosen + 1, found.length - 1));
          if (event.key === "ArrowUp") setAt(Math.max(chosen - 1, 0));
        }}
      />
      <ul className="palette">
        {found.map((entry, index) => (
          <li key={entry.label}>
            <button type="button" aria-current={index === chosen} onClick={() => open(entry)}>
              {entry.label}
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function useEntries(): readonly Entry[] {
  const navigate = useNavigate();
  const { data: kinds = [] } = useQuery(kindsQuery);
  return [
    { label: "Overview", go: () => void navigate({ to: "/" }) },
    { label: "Jobs", go: () => void navigate({ to: "/jobs", search: {} }) },
    { label: "Batches", go: () => void navigate({ to: "/batches", search: {} }) },
    { label: "Doctor", go: () => void navigate({ to: "/doctor" }) },
    { label: "System", go: () => void navigate({ to: "/system" }) },
    ...kinds.map(({ kind }) => ({
      label: `Submit ${kind}`,
      go: () => void navigate({ to: "/submit/$kind", params: { kind } }),
    })),
    ...STATUSES.map((status) => ({
      label: `Jobs: ${status}`,
      go: () => void navigate({ to: "/jobs", search: { status } }),
    })),
  ];
}
