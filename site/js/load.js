// One document: fetched from the same origin, bounded, parsed, checked. Each failure says what happened and to what.
import { API, MAX_BYTES, SCHEMA_VERSION } from './config.js';
import { noteServerTime } from './clock.js';

export class LoadError extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

async function read(response, name) {
  const reader = response.body.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
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

function check(data, name) {
  if (typeof data !== 'object' || data === null || typeof data.schemaVersion !== 'number') {
    throw new LoadError('bad', `${name} is not a document of this kind (it has no schemaVersion).`);
  }
  if (data.schemaVersion > SCHEMA_VERSION) {
    throw new LoadError(
      'newer',
      `${name} has schema version ${data.schemaVersion}, this page reads version ${SCHEMA_VERSION}. Reload the page.`,
    );
  }
  return data;
}

/** {name, data, size, sha256}; sha256 is null where the browser computes none. */
export async function load(name, fresh = false) {
  let response;
  try {
    response = await fetch(API + name, { redirect: 'error', cache: fresh ? 'no-cache' : 'default' });
  } catch {
    throw new LoadError('offline', navigator.onLine ? `${name} could not be reached.` : `${name} could not be read: this device is offline.`);
  }
  noteServerTime(response.headers);
  if (!response.ok) {
    throw new LoadError(response.status === 404 ? 'absent' : 'failed', `${name} answered with status ${response.status}.`);
  }
  let bytes;
  try {
    bytes = await read(response, name);
  } catch (error) {
    throw error instanceof LoadError ? error : new LoadError('offline', `${name} broke off while it was read.`);
  }
  let data;
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new LoadError('bad', `${name} is not valid JSON.`);
  }
  return { name, data: check(data, name), size: bytes.length, sha256: await digest(bytes) };
}

async function digest(bytes) {
  if (!globalThis.crypto?.subtle) return null;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
