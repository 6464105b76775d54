// Makes the npm packages: one that starts the program, and one with the program for each system. Nothing is downloaded when
// they are installed. node build.mjs OUT PLATFORM-ARCH=PROGRAM ...; a platform is linux, darwin or win32, an arch x64 or arm64.
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];
const root = join(import.meta.dirname, "../..");
const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
const version = /^version = "(.+)"$/m.exec(manifest)[1];
const about = {
  version,
  description: "Plays Google's Actions Center against a booking server: the program conformance",
  license: "Apache-2.0",
};

const [out, ...programs] = process.argv.slice(2);
if (!out || programs.length === 0) throw new Error("say where to, and which programs: OUT linux-x64=target/dist/conformance");

function write(folder, fields) {
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ ...about, ...fields }, null, 2)}\n`);
}

for (const word of programs) {
  const [platform, program] = word.split("=");
  if (!PLATFORMS.includes(platform)) throw new Error(`${platform} is none of ${PLATFORMS.join(", ")}`);
  const [os, cpu] = platform.split("-");
  const folder = join(out, platform);
  const file = os === "win32" ? "conformance.exe" : "conformance";
  mkdirSync(folder, { recursive: true });
  copyFileSync(program, join(folder, file));
  chmodSync(join(folder, file), 0o755);
  write(folder, { name: `booking-conformance-${platform}`, os: [os], cpu: [cpu], files: [file] });
}

const folder = join(out, "conformance");
mkdirSync(folder, { recursive: true });
cpSync(join(import.meta.dirname, "conformance"), folder, { recursive: true });
write(folder, {
  name: "booking-conformance",
  bin: { conformance: "conformance.js" },
  files: ["conformance.js"],
  engines: { node: ">=18" },
  optionalDependencies: Object.fromEntries(PLATFORMS.map((platform) => [`booking-conformance-${platform}`, version])),
});
