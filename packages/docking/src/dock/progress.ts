const STARS = 51;

/**
 * Reads Vina's progress from its output: first messages, then 51 stars under a scale.
 * @returns a function that takes each piece of output and returns the fraction done, or null before
 *   the search begins
 */
export function vinaProgress(): (text: string) => number | null {
  let printed = "";
  let stars: number | null = null;
  return (text) => {
    if (stars !== null) {
      stars += count(text);
    } else {
      printed = (printed + text).slice(-4_000);
      const scale = printed.indexOf("|----|");
      const line = scale === -1 ? -1 : printed.indexOf("\n", scale);
      if (line !== -1) stars = count(printed.slice(line));
    }
    return stars === null ? null : Math.min(1, stars / STARS);
  };
}

function count(text: string): number {
  return text.match(/\*/g)?.length ?? 0;
}
