/** Valid code on which the rules spend many seconds and hundreds of megabytes. */
export function heavyCode(functions = 60_000): string {
  const one = (n: number) =>
    `export function f${n}(a, b) { if (a && b) { return a + ${n}; } return b ? f${n}(b, a) : ${n}; }`;
  return Array.from({ length: functions }, (_, n) => one(n)).join("\n");
}
