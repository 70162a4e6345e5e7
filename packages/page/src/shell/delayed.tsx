import { type ReactNode, useEffect, useState } from "react";

const DELAY_MS = 150;

/** Shows a loading state only when loading takes long enough to be noticed. */
export function Delayed({ children }: { children: ReactNode }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return late ? children : null;
}
