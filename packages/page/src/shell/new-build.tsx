import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLiveState } from "../live/live.js";
import { Icon } from "./icon.js";

const EVERY_MS = 300_000;

/** The script of this document. */
function ownScript(): string | null {
  return document.querySelector("script[type=module][src]")?.getAttribute("src") ?? null;
}

/** Whether the server serves a different build of the page than the open one. */
async function isOutdated(): Promise<boolean> {
  const answer = await fetch("/jobs", { headers: { accept: "text/html" } });
  const own = ownScript();
  return answer.ok && own !== null && !(await answer.text()).includes(`src="${own}"`);
}

/**
 * Offers to load a newer build. It never reloads automatically: the user may be filling in a form.
 */
export function NewBuild() {
  const { live } = useLiveState();
  const [isGone, setGone] = useState(false);
  const { data: outdated = false, refetch } = useQuery({
    queryKey: ["build"],
    queryFn: isOutdated,
    refetchInterval: EVERY_MS,
    staleTime: EVERY_MS,
    retry: false,
  });
  useEffect(() => {
    // After every cut of the stream the server may be a different one.
    if (live !== "connecting") void refetch();
  }, [live, refetch]);
  useEffect(() => {
    const onMissing = () => setGone(true);
    window.addEventListener("vite:preloadError", onMissing);
    return () => window.removeEventListener("vite:preloadError", onMissing);
  }, []);
  if (!outdated && !isGone) return null;
  return (
    <div className="banner banner-note no-print" role="status" data-new-build>
      <Icon name="refresh" />
      <span className="grow">A newer build of this page was deployed.</span>
      <Button variant="default" onClick={() => window.location.reload()}>
        Reload
      </Button>
    </div>
  );
}
