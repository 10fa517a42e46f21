import { stringify } from 'yaml';
import { run } from './run.ts';

/** A program that any image with Node.js runs: it answers every request with 200. */
const SERVER = "require('node:http').createServer((_q, r) => r.end('ok')).listen(8080)";
const PORT = 8080;

/** A meshdev.yaml with so many services, each exposed and allowed for one role. */
export function serviceFile(services: number, image: string): string {
  const entries = Array.from({ length: services }, (_each, at) => [
    `s${at + 1}`,
    service(`s${at + 1}`, image),
  ]);
  return stringify({
    apiVersion: 'meshdev/v1',
    ...(services === 0 ? {} : { services: Object.fromEntries(entries) }),
  });
}

function service(host: string, image: string): object {
  return {
    image,
    command: ['-e', SERVER],
    port: PORT,
    host,
    health: '/',
    allow: [{ roles: ['admin'], methods: ['GET'], paths: ['/'] }],
    check: { path: '/', as: 'alice' },
  };
}

/**
 * Counts what is uploaded and answers with the number; sends a line a second for as long as is asked, and at last how
 * many bytes it sent.
 */
const STREAMS = `
require('node:http').createServer((q, r) => {
  const url = new URL(q.url, 'http://streams');
  if (url.pathname === '/upload') {
    let bytes = 0;
    q.on('data', (chunk) => (bytes += chunk.length)).on('end', () => r.end(String(bytes)));
    return;
  }
  if (url.pathname !== '/stream') return r.end('ok');
  r.writeHead(200, { 'content-type': 'text/event-stream' });
  const end = Date.now() + 1000 * Number(url.searchParams.get('seconds'));
  let bytes = 0;
  const tick = setInterval(() => {
    const line = 'data: ' + Date.now() + String.fromCharCode(10, 10);
    bytes += line.length;
    r.write(line);
    if (Date.now() < end) return;
    clearInterval(tick);
    r.end(String(bytes));
  }, 1000);
  r.on('close', () => clearInterval(tick));
}).listen(8080)`;

/** A meshdev.yaml with one service that takes uploads and sends streams. */
export function streamFile(image: string): string {
  const allow = [{ roles: ['admin'], methods: ['GET', 'PUT'], paths: ['/', '/upload', '/stream'] }];
  const streams = { ...service('streams', image), command: ['-e', STREAMS], allow };
  return stringify({ apiVersion: 'meshdev/v1', services: { streams } });
}

/** The image of the lab's own programs, which is in the engine and has Node.js: no registry is asked. */
export async function guestImage(lab: string, signal: AbortSignal): Promise<string> {
  const argv = ['inspect', '--format', '{{.Config.Image}}', `meshdev-${lab}-idp`];
  return (await run('docker', argv, { signal })).trim();
}
