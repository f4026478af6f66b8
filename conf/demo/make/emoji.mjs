// Makes emoji.zip, the pictures of conf/demo.conf, of the npm packages that package.json names (Node 18 or later):
//
//   npm install --no-package-lock && node emoji.mjs ../emoji.zip
//
// The same packages give the same bytes: entries are sorted, carry no time of their own, and are stored as they are.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { zipSync } from "fflate";
import sharp from "sharp";

const require = createRequire(import.meta.url);
const SIZE = 64;
const SPLITS = {
  train: ["noto", "noto-v1", "twemoji", "fxemoji"],
  test: ["fluent-emoji-flat", "emojione"],
};

/** The drawing of one designer as an SVG of SIZE pixels; undefined where there is none. */
function drawing(set, name) {
  let found = set.icons[name];
  for (let alias = set.aliases?.[name]; !found && alias; alias = set.aliases?.[alias.parent]) {
    found = set.icons[alias.parent];
  }
  if (!found) return undefined;
  const side = (key, otherwise) => found[key] ?? set[key] ?? otherwise;
  const box = [side("left", 0), side("top", 0), side("width", 16), side("height", 16)].join(" ");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"` +
    ` width="${SIZE}" height="${SIZE}" viewBox="${box}">${found.body}</svg>`
  );
}

/** On white, in at most 256 colours. */
function png(svg) {
  return sharp(Buffer.from(svg))
    .flatten({ background: "#ffffff" })
    .png({ palette: true, quality: 100, colours: 256, effort: 10, compressionLevel: 9 })
    .toBuffer();
}

const target = process.argv[2];
if (!target) {
  console.error("usage: node emoji.mjs FILE.zip");
  process.exit(2);
}
const names = readFileSync(new URL("../names.txt", import.meta.url), "utf8").trim().split("\n");
const entries = new Map();
for (const [split, designers] of Object.entries(SPLITS)) {
  for (const designer of designers) {
    const set = require(`@iconify-json/${designer}/icons.json`);
    for (const name of names) {
      const svg = drawing(set, name);
      if (svg) entries.set(`${split}/${name.replaceAll("-", " ")}/${designer}.png`, await png(svg));
    }
  }
}
const sorted = [...entries.keys()].sort();
const stored = Object.fromEntries(sorted.map((path) => [path, [entries.get(path), { level: 0, mtime: new Date(1980, 0, 1) }]]));
writeFileSync(target, zipSync(stored));
for (const [split, designers] of Object.entries(SPLITS)) {
  for (const designer of designers) {
    const count = sorted.filter((path) => path.startsWith(`${split}/`) && path.endsWith(`/${designer}.png`)).length;
    console.log(`${split} ${designer} ${count}`);
  }
}
