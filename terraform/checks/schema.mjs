// Makes aws-schema.json: the arguments of the resources used here, from the types of @cdktn/provider-aws, which are generated from
// the AWS provider's own schema. Needed only when a resource is added or the provider moves on:
//
//     npm pack @cdktn/provider-aws@25.7.0 && tar xzf cdktn-provider-aws-25.7.0.tgz
//     node schema.mjs package TYPE... > aws-schema.json
//
// Each block is {"argument": {"required": bool, "block": {...}}}; only nested blocks have "block".
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...types] = process.argv.slice(2);
const ARGUMENT = /\{@link [^}#]*#(\w+) [^}]*\}[^/]*?\*\/\s*readonly (\w+)(\?)?: ([^;]+);/g;

function interfaces(text) {
  const found = {};
  for (const [, name, body] of text.matchAll(/export interface (\w+)[^{]*\{([\s\S]*?)\n\}/g)) found[name] = body;
  return found;
}

function block(name, all) {
  const result = {};
  for (const [, argument, , optional, type] of all[name].matchAll(ARGUMENT)) {
    const inner = type.split('|').map((each) => each.trim().replace(/\[\]$/, '')).find((each) => each in all);
    result[argument] = { required: !optional, ...(inner ? { block: block(inner, all) } : {}) };
  }
  return result;
}

const schema = {};
let version;
for (const type of types.sort()) {
  const lib = type.replace(/^aws_/, '').replace(/_/g, '-');
  const text = readFileSync(join(folder, 'lib', lib, 'index.d.ts'), 'utf8');
  version = /providers\/hashicorp\/aws\/([0-9.]+)\//.exec(text)[1];
  const all = interfaces(text);
  schema[type] = block(Object.keys(all).find((name) => /Config extends/.test(text.match(new RegExp(`interface ${name}\\b[^{]*`))[0])), all);
  delete schema[type].id; // of the resource itself: given by AWS, not by us
}
const lines = Object.entries(schema).map(([type, each]) => `  ${JSON.stringify(type)}: ${JSON.stringify(each)}`);
process.stdout.write(`{\n "provider": "${version}",\n "resources": {\n${lines.join(',\n')}\n }\n}\n`);
