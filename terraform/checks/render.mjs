// What the files come to for given variables: locals, resources and outputs with their expressions evaluated. What only AWS knows
// stands as <type.name.attribute>.
import { evaluate, evaluateText } from './evaluate.mjs';

const META = ['count', 'for_each', 'depends_on', 'lifecycle', 'dynamic'];

// How many segments after the root name the thing looked up: var.x, local.x, data.type.name, type.name.
const consumed = (root) => ({ var: 1, local: 1, path: 1, data: 2 })[root] ?? 1;

const KNOWN_DATA = {
  'aws_caller_identity.current': { account_id: '123456789012' },
  'aws_partition.current': { partition: 'aws', dns_suffix: 'amazonaws.com' },
};

function together(files, kind) {
  return Object.values(files).flatMap((file) => {
    const blocks = file.tree[kind] ?? {};
    return Array.isArray(blocks) ? blocks.flatMap((each) => Object.entries(each)) : Object.entries(blocks);
  });
}

export async function render(folder, files, given) {
  const variables = Object.fromEntries(together(files, 'variable').map(([name, [block]]) => [name, block]));
  const locals = Object.fromEntries(together(files, 'locals'));
  const resources = {};
  for (const [type, named] of together(files, 'resource')) resources[type] = { ...resources[type], ...named };
  const done = new Map();

  async function once(key, make) {
    if (!done.has(key)) done.set(key, await make());
    return done.get(key);
  }

  async function lookup(root, [first, second]) {
    if (root === 'path') return folder;
    if (root === 'data') return KNOWN_DATA[`${first}.${second}`];
    if (root === 'var') {
      if (!(first in variables)) throw new Error(`there is no variable ${first}`);
      return first in given ? given[first] : value(variables[first].default);
    }
    if (root === 'local') {
      if (!(first in locals)) throw new Error(`there is no local ${first}`);
      return once(`local.${first}`, () => value(locals[first]));
    }
    const block = resources[root]?.[first];
    if (!block) throw new Error(`there is no ${root}.${first}`);
    const unknown = `<${root}.${first}>`;
    if (block[0].for_each !== undefined) {
      const keys = Object.keys(await value(block[0].for_each));
      return Object.fromEntries(keys.map((key) => [key, `<${root}.${first}.${key}>`]));
    }
    if (block[0].count !== undefined) return (await value(block[0].count)) === 0 ? [] : [unknown];
    const attribute = second === undefined ? undefined : block[0][second];
    if (typeof attribute !== 'string') return unknown;
    return { [second]: await once(`${root}.${first}.${second}`, () => value(attribute)) };
  }

  async function value(tree, names = {}) {
    const scope = { names, lookup, consumed };
    if (typeof tree === 'string') return evaluateText(tree, scope);
    if (Array.isArray(tree)) return Promise.all(tree.map((each) => value(each, names)));
    if (tree === null || typeof tree !== 'object') return tree;
    const result = {};
    for (const [key, each] of Object.entries(tree)) {
      if (!META.includes(key)) result[key] = await value(each, names);
    }
    for (const [label, [block]] of Object.entries(tree.dynamic ?? {})) {
      const over = await value(block.for_each, names);
      const blocks = [];
      for (const [key, each] of Object.entries(over)) {
        blocks.push(await value(block.content[0], { ...names, [label]: { key, value: each } }));
      }
      if (blocks.length > 0) result[label] = blocks;
    }
    return result;
  }

  async function instances(name, block) {
    if (block.for_each !== undefined) {
      const over = await value(block.for_each);
      const made = {};
      for (const [key, each] of Object.entries(over)) made[`${name}.${key}`] = await value(block, { each: { key, value: each } });
      return made;
    }
    const count = block.count === undefined ? 1 : await value(block.count);
    return count === 0 ? {} : { [name]: await value(block) };
  }

  async function broken() {
    const found = [];
    for (const [name, block] of Object.entries(variables)) {
      for (const rule of block.validation ?? []) {
        if (!(await value(rule.condition))) found.push(`${name}: ${rule.error_message}`);
      }
    }
    for (const [type, named] of Object.entries(resources)) {
      for (const [name, [block]] of Object.entries(named)) {
        if (block.count !== undefined && (await value(block.count)) === 0) continue;
        for (const rule of block.lifecycle?.[0]?.precondition ?? []) {
          if (!(await value(rule.condition))) found.push(`${type}.${name}: ${rule.error_message}`);
        }
      }
    }
    return found;
  }

  const made = {};
  for (const [type, named] of Object.entries(resources)) {
    made[type] = {};
    for (const [name, [block]] of Object.entries(named)) Object.assign(made[type], await instances(name, block));
  }
  const outputs = {};
  for (const [name, [block]] of together(files, 'output')) outputs[name] = await value(block.value);
  return { resource: made, output: outputs, refused: await broken() };
}
