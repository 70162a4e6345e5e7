import { vi } from "vitest";

// Test files that run in one process share the loaded modules of Lockstep and its packages
// (`isolate: false`). But each file evaluates the modules in test/ itself, because their hooks and
// variables belong to one file.
vi.resetModules();

// Each file may listen for the exit of its process, to end what it started.
process.setMaxListeners(1_000);
