// The Terraform functions that these files use, on plain JavaScript values.
import { readFileSync } from 'node:fs';

function template(text, values) {
  return text.replace(/\$\{(\w+)\}/g, (whole, name) => {
    if (!(name in values)) throw new Error(`the template asks for ${name}, which is not given`);
    return values[name];
  });
}

// Terraform sorts the keys of what it encodes.
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

export const functions = {
  alltrue: (list) => list.every((each) => each === true),
  ceil: Math.ceil,
  concat: (...lists) => lists.flat(1),
  contains: (list, value) => list.includes(value),
  endswith: (text, end) => text.endsWith(end),
  file: (path) => readFileSync(path, 'utf8'),
  filebase64sha256: (path) => `<sha256 of ${path}>`,
  flatten: (list) => list.flat(Infinity),
  floor: Math.floor,
  join: (separator, list) => list.join(separator),
  jsondecode: (text) => JSON.parse(text),
  jsonencode: (value) => JSON.stringify(sorted(value)),
  keys: (map) => Object.keys(map).sort(),
  length: (value) => (typeof value === 'object' && !Array.isArray(value) ? Object.keys(value).length : value.length),
  max: Math.max,
  merge: (...maps) => Object.assign({}, ...maps),
  min: Math.min,
  regex: (pattern, text) => {
    const found = new RegExp(pattern).exec(text);
    if (!found) throw new Error(`${text} does not match ${pattern}`);
    return found[0];
  },
  replace: (text, what, by) => text.split(what).join(by),
  strcontains: (text, part) => text.includes(part),
  templatefile: (path, values) => template(readFileSync(path, 'utf8'), values),
  tostring: String,
  trimsuffix: (text, end) => (text.endsWith(end) ? text.slice(0, -end.length) : text),
  values: (map) => Object.keys(map).sort().map((key) => map[key]),
};
