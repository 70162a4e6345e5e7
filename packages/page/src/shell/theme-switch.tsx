import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { Icon } from "./icon.js";

const SCHEMES = [
  ["light", "Light theme"],
  ["auto", "System theme"],
  ["dark", "Dark theme"],
] as const;

/** Light, dark, or the system's theme. Kept in this browser. */
export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      aria-label="Theme"
      value={colorScheme}
      onChange={(value) => setColorScheme(value === "light" || value === "dark" ? value : "auto")}
      data={SCHEMES.map(([value, label]) => ({
        value,
        label: (
          <span title={label}>
            <Icon name={value} size={14} />
            <span className="visually-hidden">{label}</span>
          </span>
        ),
      }))}
    />
  );
}
