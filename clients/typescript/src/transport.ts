/** What the client needs of a WebSocket; the browser's, Node's and that of `ws` fit. */
export interface SocketLike {
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send(text: string): void;
  close(): void;
}
export type SocketClass = new (url: string) => SocketLike;

/** How a connection ended; the code is the close code, the HTTP status, or 0 where the network failed. */
export interface Ended {
  readonly code: number;
  readonly reason: string;
}

/** Whether it is useless to connect again: the server refused what the client asks or does. */
export const isFinal = (code: number): boolean => [1003, 1008, 1009, 400, 401, 403, 404].includes(code);

/** The server's own words in an answer that is not 200. */
export async function refusal(response: Response): Promise<Ended> {
  const text = await response.text();
  let reason = text.slice(0, 200);
  try {
    reason = String((JSON.parse(text) as { message?: unknown }).message ?? reason);
  } catch {
    // Not JSON: a proxy's page.
  }
  return { code: response.status, reason };
}

/** Why fetch failed, which `message` alone does not say in Node. */
export function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { message?: string; code?: string } }).cause;
  return cause?.message || cause?.code || (error instanceof Error ? error.message : String(error));
}

/** Hands over each message until the connection ends. */
export async function overSocket(
  Socket: SocketClass,
  fetcher: typeof fetch,
  url: string,
  signal: AbortSignal,
  heard: (text: string) => void,
  ready: (send: (text: string) => void) => void,
): Promise<Ended> {
  let opened = false;
  const ended = await new Promise<Ended>((resolve) => {
    const socket = new Socket(url.replace(/^http/, 'ws'));
    socket.onopen = () => {
      opened = true;
      ready((text) => socket.send(text));
    };
    socket.onmessage = (event) => heard(String(event.data));
    // Node 20 tells of no close where the handshake fails.
    socket.onerror = () => resolve({ code: 1006, reason: 'the connection broke' });
    socket.onclose = (event) => resolve({ code: event.code, reason: event.reason || 'the connection broke' });
    signal.addEventListener('abort', () => {
      opened = true; // It is known why it ends.
      socket.onmessage = null;
      resolve({ code: 0, reason: String(signal.reason) });
      socket.close();
    });
  });
  if (opened) {
    return ended;
  }
  // A WebSocket does not tell why the handshake failed. The same path without one does.
  const answer = await fetcher(url, { signal, cache: 'no-store' });
  const why = await refusal(answer);
  return why.code === 426 ? ended : why;
}

/** The same over Server-Sent Events; an empty text is a sign of life. */
export async function overEvents(
  fetcher: typeof fetch,
  url: string,
  signal: AbortSignal,
  heard: (text: string) => void,
): Promise<Ended> {
  const answer = await fetcher(url, { signal, cache: 'no-store', headers: { accept: 'text/event-stream' } });
  if (!answer.ok || !answer.body) {
    return refusal(answer);
  }
  const decoder = new TextDecoder();
  const reader = answer.body.getReader();
  for (let rest = ''; ; ) {
    const { value, done } = await reader.read();
    if (done) {
      return { code: 1001, reason: 'the stream ended' };
    }
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach((line) => heard(line.startsWith('data: ') ? line.slice(6) : ''));
  }
}
