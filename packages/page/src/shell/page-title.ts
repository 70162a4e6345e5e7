import { useEffect } from "react";

/** Sets the page's title for the tab and the browser's history. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Lockstep`;
  }, [title]);
}
