export * from './client.js';
export type * from './events.js';
