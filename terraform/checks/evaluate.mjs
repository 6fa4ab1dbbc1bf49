// Evaluates Terraform expressions over the syntax tree of the real HCL parser, as far as these files need it.
import { getExpressionAst } from '@cdktn/hcl2json';
import { functions } from './functions.mjs';

const trees = new Map();

async function parsed(source) {
  if (!trees.has(source)) trees.set(source, await getExpressionAst('expression.tf', source));
  return trees.get(source);
}

const parts = (node) => (node.children ?? []).filter((child) => child.type || child.children?.length);

const binary = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  modulo: (a, b) => a % b,
  equal: (a, b) => a === b,
  notEqual: (a, b) => a !== b,
  greaterThan: (a, b) => a > b,
  greaterThanOrEqual: (a, b) => a >= b,
  lessThan: (a, b) => a < b,
  lessThanOrEqual: (a, b) => a <= b,
  logicalAnd: (a, b) => a && b,
  logicalOr: (a, b) => a || b,
};

// The parser gives text as it was written.
function unescaped(text) {
  try {
    return JSON.parse(`"${text}"`);
  } catch (e) {
    return text;
  }
}

const literal = { string: unescaped, number: Number, bool: (text) => text === 'true', dynamic: () => null };

async function step(value, segment, where) {
  if (typeof value === 'string' && value.startsWith('<')) return `${value.slice(0, -1)}.${segment}>`;
  if (value === null || typeof value !== 'object' || !(segment in value)) throw new Error(`${where}: there is no ${segment}`);
  return value[segment];
}

async function traversal(meta, scope) {
  const [root, ...rest] = meta.traversal.map((each) => each.segment.replace(/^"|"$/g, ''));
  let value = root in scope.names ? scope.names[root] : await scope.lookup(root, rest);
  const left = root in scope.names ? rest : rest.slice(scope.consumed(root));
  for (const segment of left) value = await step(value, segment, meta.value);
  return value;
}

async function object(meta, scope) {
  const result = {};
  for (const [key, value] of Object.entries(meta.items)) {
    const name = /^[A-Za-z_][\w-]*$/.test(key) ? key : await evaluate(key, scope);
    result[name] = await evaluate(value, scope);
  }
  return result;
}

async function loop(meta, scope) {
  const over = await evaluate(meta.collectionExpression, scope);
  const list = [];
  const map = {};
  for (const [key, value] of Array.isArray(over) ? over.entries() : Object.entries(over)) {
    const names = { ...scope.names, [meta.valVar]: value, ...(meta.keyVar ? { [meta.keyVar]: key } : {}) };
    const inner = { ...scope, names };
    if (meta.conditionalExpression && !(await evaluate(meta.conditionalExpression, inner))) continue;
    const each = await evaluate(meta.valueExpression, inner);
    if (meta.keyExpression) map[await evaluate(meta.keyExpression, inner)] = each;
    else list.push(each);
  }
  return meta.keyExpression ? map : list;
}

async function call(node, scope) {
  const args = parts(node);
  if (node.meta.name === 'can' || node.meta.name === 'try') return attempt(node.meta.name, args, scope);
  const known = functions[node.meta.name];
  if (!known) throw new Error(`the checks do not know the function ${node.meta.name}`);
  const values = [];
  for (const each of args) values.push(await evaluateNode(each, scope));
  return known(...values);
}

async function attempt(name, args, scope) {
  for (const each of args) {
    try {
      const value = await evaluateNode(each, scope);
      return name === 'can' ? true : value;
    } catch (e) {
      if (name === 'can') return false;
    }
  }
  throw new Error('no argument of try succeeds');
}

async function all(nodes, scope) {
  const values = [];
  for (const each of nodes) values.push(await evaluateNode(each, scope));
  return values;
}

async function evaluateNode(node, scope) {
  const meta = node.meta;
  switch (node.type) {
    case 'literalValue': return literal[meta.type](meta.value);
    case 'template': {
      const values = await all(parts(node), scope);
      return values.length === 1 ? values[0] : values.join('');
    }
    case 'scopeTraversal': return traversal(meta, scope);
    case 'tuple': return all(parts(node), scope);
    case 'object': return object(meta, scope);
    case 'for': return loop(meta, scope);
    case 'function': return call(node, scope);
    case 'conditional':
      return evaluate((await evaluate(meta.conditionExpression, scope)) ? meta.trueExpression : meta.falseExpression, scope);
    case 'binaryOp': {
      const left = await evaluate(meta.lhsExpression, scope);
      if (meta.operator === 'logicalAnd' && !left) return false;
      if (meta.operator === 'logicalOr' && left) return true;
      return binary[meta.operator](left, await evaluate(meta.rhsExpression, scope));
    }
    case 'unaryOp': {
      const value = await evaluate(meta.valueExpression, scope);
      return meta.operator === 'negate' ? -value : !value;
    }
    case 'relativeTraversal': {
      let value = await evaluate(meta.sourceExpression, scope);
      for (const part of meta.traversal) value = await step(value, part.segment, meta.value);
      return value;
    }
    default: {
      const inner = parts(node);
      if (inner.length !== 1) throw new Error(`the checks do not know ${node.type} in ${meta?.value}`);
      return evaluateNode(inner[0], scope);
    }
  }
}

/** The value of an expression. The scope gives the names that are bound, and looks up var, local, data and resources. */
export async function evaluate(source, scope) {
  return evaluateNode(await parsed(source), scope);
}

/** A string as the parser gives it back, made an expression again: in quotes, and escaped outside of what it interpolates. */
export function quoted(text) {
  let source = '';
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (depth === 0 && text.startsWith('${', i)) {
      source += '${';
      depth = 1;
      i++;
    } else if (depth > 0) {
      if (text[i] === '{') depth++;
      if (text[i] === '}') depth--;
      source += text[i];
    } else source += JSON.stringify(text[i]).slice(1, -1);
  }
  return `"${source}"`;
}

/** The value of a string as the parser gives it back. */
export async function evaluateText(text, scope) {
  return /[$%]\{/.test(text) ? evaluate(quoted(text), scope) : text;
}
