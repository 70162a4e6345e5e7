/** The keys and their descriptions in the help. */
export const SHORTCUTS: readonly (readonly [keys: string, what: string])[] = [
  ["?", "This help"],
  ["Mod K", "Palette: go anywhere by name"],
  ["/", "Search jobs"],
  ["g o", "Overview"],
  ["g j", "Jobs"],
  ["g b", "Batches"],
  ["g n", "Submit a job"],
  ["g d", "Doctor"],
  ["g s", "System"],
  ["j k", "Next and previous row"],
  ["Enter", "Open the row"],
  ["x", "Select the row"],
  ["r", "Retry the job"],
  ["c", "Cancel the job"],
  [".", "Copy the job's id"],
  ["p", "Pause or resume live changes"],
];

const PLACES: Readonly<Record<string, string>> = {
  o: "/",
  j: "/jobs",
  b: "/batches",
  n: "/submit",
  d: "/doctor",
  s: "/system",
};
/** Milliseconds within which the second key of a sequence must follow. */
const SEQUENCE_MS = 1_200;

export interface ShortcutActions {
  go(path: string): void;
  help(): void;
  palette(): void;
}

/**
 * Listens for shortcuts, except while the user types. A key presses the matching button, so it does
 * nothing when that button is absent or disabled.
 * @returns a function that stops listening
 */
export function listenForShortcuts(actions: ShortcutActions): () => void {
  let wentAt = Number.NEGATIVE_INFINITY;
  const onKey = (event: KeyboardEvent) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      actions.palette();
      return;
    }
    if (event.key === "Escape" && event.target instanceof HTMLElement && event.target.id === "search")
      event.target.blur();
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
    const place = event.timeStamp - wentAt < SEQUENCE_MS ? PLACES[event.key] : undefined;
    wentAt = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (place !== undefined) actions.go(place);
    else if (event.key === "?") actions.help();
    else if (!act(event.key)) return;
    event.preventDefault();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

/** @returns whether the key has a function here */
function act(key: string): boolean {
  switch (key) {
    case "/":
      return focus("#search");
    case "j":
      return moveRow(1);
    case "k":
      return moveRow(-1);
    case "x":
      return press(document.activeElement?.closest("tr")?.querySelector<HTMLElement>("input[type=checkbox]"));
    case "r":
    case "c":
    case "p":
    case ".":
      return press(document.querySelector<HTMLElement>(`[data-key="${key}"]`));
    default:
      return false;
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("[role=dialog]")) return true;
  const field = target.closest("input, textarea, select, [contenteditable]");
  return field !== null && field.getAttribute("type") !== "checkbox";
}

function focus(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  return element !== null;
}

function press(element: HTMLElement | null | undefined): boolean {
  if (!element) return false;
  element.click();
  return true;
}

/** Rows that are not near the viewport are not rendered; moving the selection renders them. */
function moveRow(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("tr[data-job]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step];
  next?.querySelector<HTMLElement>("a")?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}
