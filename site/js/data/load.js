// One document: fetched from the same origin, bounded in size and time, parsed, checked. Each failure says what
// happened and to what.
import { API, MAX_BYTES, STALL_MS } from '../config.js';
import { checked, LoadError } from './documents.js';

/** Ends a request that stays silent for STALL_MS: nothing else waits for it then. */
class Patience {
  constructor() {
    this.controller = new AbortController();
    this.heard();
  }

  get signal() {
    return this.controller.signal;
  }

  heard() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.controller.abort(), STALL_MS);
  }

  over() {
    clearTimeout(this.timer);
  }
}

function broken(name, patience, otherwise) {
  if (!patience.signal.aborted) return new LoadError('offline', otherwise);
  return new LoadError('timeout', `${name} did not come: the server was silent for ${STALL_MS / 1000} seconds.`);
}

async function read(response, name, patience) {
  const reader = response.body.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    patience.heard();
    if (done) break;
    size += value.length;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw new LoadError('large', `${name} is larger than ${MAX_BYTES / 1048576} MB and was not read.`);
    }
    parts.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function bytesOf(name, cache, patience) {
  let response;
  try {
    response = await fetch(API + name, { redirect: 'error', cache, signal: patience.signal });
  } catch {
    throw broken(
      name,
      patience,
      navigator.onLine ? `${name} could not be reached.` : `${name} could not be read: this device is offline.`,
    );
  }
  patience.heard();
  if (!response.ok) {
    throw new LoadError(
      response.status === 404 ? 'absent' : 'failed',
      `${name} answered with status ${response.status}.`,
    );
  }
  try {
    return await read(response, name, patience);
  } catch (error) {
    throw error instanceof LoadError ? error : broken(name, patience, `${name} broke off while it was read.`);
  }
}

/**
 * {name, data, size, sha256}; sha256 is null where the browser computes none. `fresh` asks the server although a copy
 * is kept.
 */
export async function load(name, fresh = false) {
  const patience = new Patience();
  let bytes;
  try {
    bytes = await bytesOf(name, fresh ? 'no-cache' : 'default', patience);
  } finally {
    patience.over();
  }
  let data;
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new LoadError('bad', `${name} is not valid JSON.`);
  }
  return { name, data: checked(name, data), size: bytes.length, sha256: await digest(bytes) };
}

async function digest(bytes) {
  if (!globalThis.crypto?.subtle) return null;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
