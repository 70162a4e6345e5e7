import { spanText } from "../clock/span.js";
import { useNow } from "../clock/time.js";
import { type Outage, useOutage } from "../live/health.js";
import { Icon } from "./icon.js";

/** What is unreachable, since when, and what that means for the data on screen. */
export function Banners() {
  const outage = useOutage();
  return <div aria-live="polite">{outage ? <OutageBanner outage={outage} /> : null}</div>;
}

function OutageBanner({ outage }: { outage: Outage }) {
  const lasted = wholeSeconds(useNow() - Date.parse(outage.since));
  if (outage.what === "redis")
    return (
      <div className="banner banner-note" data-outage="redis">
        <Icon name="warn" />
        <span>Redis unreachable for {lasted}. Statuses are exact. Live updates come from the database.</span>
      </div>
    );
  const text =
    outage.what === "database"
      ? `Database unreachable for ${lasted}. Showing cached status. Nothing can be submitted or changed.`
      : `The server has not answered for ${lasted}. Showing the last known status. Nothing can be submitted or changed.`;
  return (
    <div className="banner banner-bad" data-outage={outage.what}>
      <Icon name="warn" />
      <span>{text}</span>
    </div>
  );
}

function wholeSeconds(milliseconds: number): string {
  return spanText(Math.max(1_000, Math.floor(milliseconds / 1_000) * 1_000)).replace(".0", "");
}
