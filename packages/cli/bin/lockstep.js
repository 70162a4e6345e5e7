#!/usr/bin/env node
import { endOnSignals } from "../dist/signals.js";

// Before the rest is loaded, which takes a while.
endOnSignals();
await import("../dist/main.js");
