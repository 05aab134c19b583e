import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../static/js/", import.meta.url));

const files = ["log", "stream", "plan", "chat", "strategy", "sse"].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".js")).map((name) => join(ROOT, folder, name)),
);

const read = (file) => readFileSync(file, "utf8");

const importsOf = (file) =>
  [...read(file).matchAll(/^(?:import|export)\b[^"]*?from "([^"]+)";/gms)].map(([, path]) => join(dirname(file), path));

test("modules import each other by whole relative names that exist", () => {
  for (const file of files) {
    for (const path of importsOf(file)) assert.ok(path.endsWith(".js") && existsSync(path), `${file} -> ${path}`);
  }
});

test("no import goes in a circle, which collectstatic could not give stable names", () => {
  const visit = (file, way) => {
    assert.ok(!way.includes(file), [...way, file].join(" -> "));
    importsOf(file).forEach((next) => visit(next, [...way, file]));
  };
  files.forEach((file) => visit(file, []));
});

test("nothing needs more than script-src 'self', and collectstatic finds nothing to trip over", () => {
  // An import expression in a comment is rewritten too, and one that makes a circle stops collectstatic.
  const forbidden = /\beval\(|new Function|innerHTML|sourceMappingURL|\bimport\s*\(|\brequire\(|debugger/;
  for (const file of files) assert.doesNotMatch(read(file), forbidden, file);
});

test("every module keeps to 300 lines and to one place that writes to the console", () => {
  for (const file of files) {
    assert.ok(read(file).split("\n").length <= 301, file);
    if (!file.endsWith("stream/options.js")) assert.ok(!read(file).includes("console."), file);
  }
});

test("every name that is exported is declared in the types", () => {
  for (const folder of ["stream", "plan", "chat", "strategy", "sse"]) {
    const names = [...read(join(ROOT, folder, "index.js")).matchAll(/export \{([^}]+)\}/g)].flatMap(([, list]) => list.split(","));
    const types = read(join(ROOT, folder, "index.d.ts"));
    for (const name of names) {
      const declared = new RegExp(`export (class|const|function) ${name.trim()}\\b|export \\{[^}]*\\b${name.trim()}\\b`);
      assert.match(types, declared);
    }
  }
});
