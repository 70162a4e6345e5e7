import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const COMPRESSED_BYTES_MIN = 1_024;

/** Writes every script and style compressed beside itself, once, so that the server need not do it for each reader. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir = "" }) {
      const folder = join(dir, "assets");
      for (const name of readdirSync(folder).filter((one) => /\.(js|css|svg)$/.test(one))) {
        const file = join(folder, name);
        const content = readFileSync(file);
        if (content.length >= COMPRESSED_BYTES_MIN)
          writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

// `npm run dev` says where the server is. It refuses requests that come from the page of another origin.
const target = process.env.LOCKSTEP_DEV_SERVER ?? "http://127.0.0.1:5000";
const proxy = { target, changeOrigin: true, headers: { origin: target } };

// Every file under assets/ carries a hash of its content in its name: the server lets browsers keep
// it for ever.
export default defineConfig({
  plugins: [react(), compressed()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // 3Dmol is larger and is loaded with a docking result only.
    chunkSizeWarningLimit: 2_000,
    // 3Dmol has an eval for callbacks that are written as text. The page gives it none, and its
    // policy would refuse it.
    rolldownOptions: { checks: { eval: false } },
  },
  server: { proxy: { "/api": proxy, "/health": proxy } },
});
