/**
 * Finds the name that a misspelled word was most likely meant to be.
 * @returns null when every name needs more edits than a third of the word's length
 */
export function nearestName(word: string, names: readonly string[]): string | null {
  return nearestNames(word, names, 1)[0] ?? null;
}

/**
 * The names that a misspelled word may have been meant to be, the most similar first.
 * @param most how many at most
 */
export function nearestNames(word: string, names: readonly string[], most: number): string[] {
  const distanceMax = Math.max(1, Math.floor(word.length / 3));
  return names
    .filter((name) => Math.abs(name.length - word.length) <= distanceMax)
    .map((name) => ({ name, distance: editDistance(word, name) }))
    .filter(({ distance }) => distance <= distanceMax)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

/**
 * Insertions, deletions and replacements needed to turn one text into the other (Levenshtein, one
 * row at a time).
 */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
