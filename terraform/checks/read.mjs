// Reads a folder of .tf files with the real HCL parser and prints, as JSON: every file's tree and its text as terraform fmt would
// write it, every reference, what the files come to for each scenario of variables on standard input, and a crooked text made straight.
//
//     echo '{"defaults": {}}' | node read.mjs DIRECTORY
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getReferencesInExpression, parse } from '@cdktn/hcl2json';
import { format } from '@cdktn/hcl-tools';
import { quoted } from './evaluate.mjs';
import { render } from './render.mjs';

const folder = process.argv[2];
const scenarios = JSON.parse(readFileSync(0, 'utf8'));

async function referencesIn(file, tree, found) {
  if (typeof tree === 'string') {
    if (!/[$%]\{/.test(tree)) return;
    for (const each of await getReferencesInExpression(file, quoted(tree))) found.push({ file, to: each.value });
  } else if (tree && typeof tree === 'object') {
    for (const each of Object.values(tree)) await referencesIn(file, each, found);
  }
}

const files = {};
const references = [];
const names = readdirSync(folder, { recursive: true }).sort();
for (const name of names.filter((each) => !each.startsWith('.terraform') && /\.tf$|\.tftest\.hcl$/.test(each))) {
  const text = readFileSync(join(folder, name), 'utf8');
  const tree = await parse(name, text);
  files[name] = { text, tree, formatted: await format(text) };
  await referencesIn(name, tree, references);
}

const rendered = {};
for (const [name, variables] of Object.entries(scenarios)) rendered[name] = await render(folder, files, variables);
const crooked = await format('a=1\nlong   = 2\n');
process.stdout.write(JSON.stringify({ files, references, rendered, crooked }));
