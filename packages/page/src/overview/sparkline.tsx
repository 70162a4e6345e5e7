interface Minute {
  readonly minute: string;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

const WIDTH = 600;
const HEIGHT = 110;
const GAP = 2;
/** Height for a minute in which nothing ended: it shows that the minute was measured. */
const GROUND = 3;

/** Jobs that ended in each minute: completed at the bottom, failed on top of them. */
export function Sparkline({ minutes }: { minutes: readonly Minute[] }) {
  const most = Math.max(
    1,
    ...minutes.map(({ completed, failed, cancelled }) => completed + failed + cancelled),
  );
  const step = WIDTH / Math.max(1, minutes.length);
  const height = (count: number) => (count / most) * (HEIGHT - 2);
  const total = minutes.reduce((sum, { completed }) => sum + completed, 0);
  const failed = minutes.reduce((sum, minute) => sum + minute.failed, 0);
  return (
    <figure className="spark">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`In the last hour ${total} completed and ${failed} failed`}
      >
        {minutes.map((minute, index) => {
          const done = height(minute.completed + minute.cancelled);
          const bad = minute.failed > 0 ? Math.max(2, height(minute.failed)) : 0;
          return (
            <g key={minute.minute}>
              <rect
                className="spark-ground"
                x={index * step}
                width={step - GAP}
                y={HEIGHT - GROUND}
                height={GROUND}
              />
              <rect
                className="spark-done"
                x={index * step}
                width={step - GAP}
                y={HEIGHT - done}
                height={done}
              />
              <rect
                className="spark-bad"
                x={index * step}
                width={step - GAP}
                y={HEIGHT - done - bad}
                height={bad}
              />
            </g>
          );
        })}
      </svg>
      <div className="spark-axis dim" aria-hidden="true">
        <span>an hour ago</span>
        <span>half an hour</span>
        <span>now</span>
      </div>
      <figcaption className="dim number">
        {total.toLocaleString("en")} completed, {failed.toLocaleString("en")} failed · at most{" "}
        {most.toLocaleString("en")} per minute
      </figcaption>
    </figure>
  );
}
