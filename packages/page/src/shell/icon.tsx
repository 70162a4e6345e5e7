const PATHS = {
  overview: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  jobs: "M2.5 4h11M2.5 8h11M2.5 12h7",
  batches: "M3 5.500h10v8H3zM4.500 3h7M6 8.500h4",
  submit: "M8 3v10M3 8h10",
  doctor: "M2 8.5h3L6.5 4l3 8L11 8.5h3",
  system: "M2.5 13.5V9M6 13.5v-10M9.5 13.5V6.500M13 13.5V3",
  search: "M7 2.500a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.4 10.4 14 14",
  light:
    "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6M8 1.500v1.300M8 13.200v1.300M1.5 8h1.300M13.2 8h1.300M3.4 3.400l.9.9M11.7 11.700l.9.9M3.4 12.600l.9-.9M11.7 4.300l.9-.9",
  dark: "M13.5 9.700A5.8 5.8 0 0 1 6.3 2.500a5.8 5.8 0 1 0 7.2 7.2",
  auto: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M8 2v12",
  pause: "M5.5 3v10M10.5 3v10",
  play: "M5 3l8 5-8 5z",
  copy: "M5.5 5.500h8v8h-8zM10.5 5.500v-3h-8v8h3",
  close: "M4 4l8 8M12 4l-8 8",
  help: "M6 6a2 2 0 1 1 2.8 1.900c-.6.3-.8.6-.8 1.300M8 11.700v.1M8 1.800a6.2 6.2 0 1 1 0 12.400A6.2 6.2 0 0 1 8 1.8",
  user: "M8 2.500a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.400M2.8 13.800c.5-2.6 2.5-4 5.2-4s4.7 1.4 5.2 4",
  download: "M8 2.500v7.500M4.8 7.2 8 10.400l3.2-3.200M2.8 13.300h10.4",
  refresh: "M13.2 8a5.2 5.2 0 1 1-1.6-3.700M13.2 2v3h-3",
  warn: "M8 2.2 14.5 13.500h-13zM8 6.500v3.200M8 11.600v.1",
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing of 16 by 16, in the colour of the surrounding text. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
