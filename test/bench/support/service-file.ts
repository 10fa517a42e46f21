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

/** The image of the lab's own programs, which is in the engine and has Node.js: no registry is asked. */
export async function guestImage(lab: string, signal: AbortSignal): Promise<string> {
  const argv = ['inspect', '--format', '{{.Config.Image}}', `meshdev-${lab}-idp`];
  return (await run('docker', argv, { signal })).trim();
}
