import { useComputedColorScheme } from "@mantine/core";

/** The theme that is on screen, whatever was chosen. */
export function useColorScheme(): "light" | "dark" {
  return useComputedColorScheme("light", { getInitialValueInEffect: false });
}
