import { useComputedColorScheme } from "@mantine/core";

/** The theme on screen, whether it was chosen or comes from the system. */
export function useColorScheme(): "light" | "dark" {
  return useComputedColorScheme("light", { getInitialValueInEffect: false });
}
