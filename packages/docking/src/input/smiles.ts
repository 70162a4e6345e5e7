/** What is wrong with a SMILES text, and where. */
export interface SmilesIssue {
  readonly detail: string;
  /** Counted from 1. */
  readonly position: number;
}

export const SMILES_MAX = 2_000;

const TOKEN =
  /(?<bracket>\[[^[\]]*\])|(?<atom>Br|Cl|[BCNOPSFI]|[bcnops]|\*)|(?<bond>[-=#$:/\\~])|(?<ring>%\d\d|%\(\d{1,5}\)|\d)|(?<open>\()|(?<close>\))|(?<dot>\.)/uy;
/** Isotope, element or aromatic symbol, chirality, hydrogens, charge, class. */
const BRACKET =
  /^\[\d{0,3}(?<element>[A-Z][a-z]?|se|as|te|si|[bcnops]|\*)(@{1,2}([A-Z]{2}\d{1,2})?)?(H\d?)?(\+{1,3}\d?|-{1,3}\d?|[+-]\d{1,2})?(:\d{1,5})?\]$/;
const ELEMENTS = new Set(
  (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb " +
    "Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U"
  ).split(" "),
);

interface State {
  /** The start of each open branch. */
  readonly branches: number[];
  /** The start of each open ring bond, by its number. */
  readonly rings: Map<string, number>;
  previous: "start" | "atom" | "bond" | "ring" | "open" | "close" | "dot";
}

/**
 * Checks the syntax of a SMILES text: symbols, brackets, branches and ring bonds
 * (http://opensmiles.org). Its valences are checked later, when the molecule is built.
 * @returns null for valid syntax
 */
export function validateSmiles(text: string): SmilesIssue | null {
  if (text.trim() === "") return { detail: "is empty", position: 1 };
  const state: State = { branches: [], rings: new Map(), previous: "start" };
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const position = TOKEN.lastIndex + 1;
    const groups = TOKEN.exec(text)?.groups;
    const detail = groups ? step(state, groups, position) : unknown(text[position - 1] ?? "");
    if (detail !== null) return { detail, position };
  }
  return unfinished(state, text);
}

function unknown(character: string): string {
  if (character === "[") return "has a [ that is not closed";
  if (character === "]") return "has a ] without its [";
  return `has ${JSON.stringify(character)}, which SMILES does not know here`;
}

function step(state: State, groups: Record<string, string | undefined>, position: number): string | null {
  const { previous } = state;
  if (groups.bracket !== undefined || groups.atom !== undefined) {
    state.previous = "atom";
    return groups.bracket === undefined ? null : validateBracket(groups.bracket);
  }
  if (groups.open !== undefined) {
    state.branches.push(position);
    state.previous = "open";
    return previous === "start" || previous === "bond" || previous === "open" || previous === "dot"
      ? "opens a branch where there is no atom"
      : null;
  }
  if (groups.close !== undefined) {
    state.previous = "close";
    if (state.branches.pop() === undefined) return "closes a branch that was not opened";
    return previous === "open" || previous === "bond" ? "closes a branch without an atom" : null;
  }
  if (groups.ring !== undefined) return validateRings(state, groups.ring, position);
  if (groups.bond !== undefined) {
    state.previous = "bond";
    return previous === "start" || previous === "bond" || previous === "dot"
      ? "has a bond without an atom"
      : null;
  }
  state.previous = "dot";
  return previous === "atom" || previous === "ring" || previous === "close"
    ? null
    : "has a dot without an atom";
}

function validateBracket(bracket: string): string | null {
  const element = BRACKET.exec(bracket)?.groups?.element;
  if (element === undefined) return `has ${JSON.stringify(bracket)}, which is no atom`;
  const known = element === "*" || /^[a-z]/.test(element) || ELEMENTS.has(element);
  return known ? null : `has the element ${JSON.stringify(element)}, which there is not`;
}

function validateRings(state: State, ring: string, position: number): string | null {
  const { previous } = state;
  if (previous !== "atom" && previous !== "ring" && previous !== "bond")
    return "has a ring bond without an atom";
  state.previous = "ring";
  const number = String(Number(ring.replace(/[%()]/g, "")));
  if (!state.rings.delete(number)) state.rings.set(number, position);
  return null;
}

function unfinished({ branches, rings, previous }: State, text: string): SmilesIssue | null {
  const [branch] = branches;
  if (branch !== undefined) return { detail: "has a branch that is not closed", position: branch };
  const [ring] = rings;
  if (ring) return { detail: `has the ring bond ${ring[0]}, which is not closed`, position: ring[1] };
  return previous === "bond" || previous === "dot"
    ? { detail: "ends with a bond", position: text.length }
    : null;
}
