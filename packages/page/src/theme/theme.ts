import { createTheme } from "@mantine/core";

/**
 * Colours and fonts are in tokens.css, as variables: the page's policy allows no styles written by
 * scripts.
 */
export const theme = createTheme({
  respectReducedMotion: true,
  components: {
    Modal: { defaultProps: { lockScroll: false, centered: false } },
    Button: { defaultProps: { size: "xs", radius: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", size: "md", color: "gray" } },
    TextInput: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs" } },
    SegmentedControl: { defaultProps: { size: "xs" } },
  },
});
