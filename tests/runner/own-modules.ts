import { vi } from "vitest";

// The files that run in one process share what it has loaded of Lockstep and its packages (`isolate: false`). What is in test/ each evaluates
// for itself: its hooks and its variables are of one file.
vi.resetModules();

// Each file may hear of the end of its process, to end what it started.
process.setMaxListeners(1_000);
