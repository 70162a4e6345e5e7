import { ActionIcon } from "@mantine/core";
import { setPaused, useLiveState } from "../live/live.js";
import { Icon } from "./icon.js";

const WORDS = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  polling: "Polling every 5 s",
  paused: "Paused",
} as const;

/** How changes reach the page, and a button that pauses them. */
export function LiveIndicator() {
  const { live, paused } = useLiveState();
  const shown = paused ? "paused" : live;
  const action = paused ? "Resume live changes" : "Pause live changes";
  return (
    <div className="live">
      <span className="live-dot" data-live={shown} />
      <span role="status">{WORDS[shown]}</span>
      <ActionIcon data-key="p" aria-label={action} title={`${action} (p)`} onClick={() => setPaused(!paused)}>
        <Icon name={paused ? "play" : "pause"} size={14} />
      </ActionIcon>
    </div>
  );
}
