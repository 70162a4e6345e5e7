import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "./theme/mantine-parts.js";
import "./theme/tokens.css";
import "./theme/page.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./api/query-client.js";
import { startLive } from "./live/live.js";
import { router } from "./router.js";
import { theme } from "./theme/theme.js";

const root = document.getElementById("root");
if (!root) throw new Error("the document has no #root");
startLive(queries);
// Mantine's own style elements would be inline style, which the page's policy refuses, so the build
// writes them to files.
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
