#!/usr/bin/env node
// Starts the program that npm has put beside this package: one of the optional dependencies, the one for this system.
"use strict";
const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const name = `booking-conformance-${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "conformance.exe" : "conformance";

let program;
try {
  program = require.resolve(`${name}/${file}`);
} catch {
  console.error(`conformance: the package ${name} is not installed.`);
  console.error("Install again without --omit=optional. Linux, macOS (x64, arm64) and Windows (x64) have one.");
  process.exit(70);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// Asked to end, the program cancels its bookings first. A terminal's Ctrl-C reaches it without us.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`conformance: ${program} cannot be started: ${error.message}`);
  process.exit(70);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
