import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Every file under assets/ carries a hash of its content in its name: the server lets browsers keep it for ever.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // 3Dmol is larger and is loaded with a docking result only.
    chunkSizeWarningLimit: 2_000,
    // 3Dmol has an eval for callbacks that are written as text. The page gives it none, and its policy would refuse it.
    rolldownOptions: { checks: { eval: false } },
  },
  server: { proxy: { "/api": "http://127.0.0.1:5000", "/health": "http://127.0.0.1:5000" } },
});
