import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { once } from 'node:events';

/** What the runner of GitHub Actions gives and takes: variables, and files that are appended to. */

/** @param {string} name as action.yml has it */
export function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
}

/** @param {string} name @returns {string} what `saveState` kept in the main step of the same job */
export function savedState(name) {
  return process.env[`STATE_${name}`] ?? '';
}

/** @param {Readonly<Record<string, string>>} values for the post step */
export function saveState(values) {
  append('GITHUB_STATE', values);
}

/** @param {Readonly<Record<string, string>>} values for later steps, as `steps.ID.outputs` */
export function setOutputs(values) {
  append('GITHUB_OUTPUT', values);
}

/** @param {Readonly<Record<string, string>>} values for later steps, as environment variables */
export function exportVariables(values) {
  append('GITHUB_ENV', values);
}

/** @param {string} directory whose programs later steps find by their name */
export function addPath(directory) {
  appendFileSync(fileOf('GITHUB_PATH'), `${directory}\n`);
}

/** A value may hold lines, and no value may end another one's.
 * @param {string} variable that names the file @param {Readonly<Record<string, string>>} values */
function append(variable, values) {
  const file = fileOf(variable);
  const end = `end_${randomUUID()}`;
  for (const [name, value] of Object.entries(values))
    appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`);
}

/** @param {string} variable @returns {string} */
function fileOf(variable) {
  const file = process.env[variable] ?? '';
  if (file === '') throw new Error(`${variable} is not set: this is no runner`);
  return file;
}

/** Runs a program with our own streams. @param {string} program @param {readonly string[]} argv
 * @returns {Promise<number>} its exit code */
export async function run(program, argv) {
  process.stdout.write(`[command]${[program, ...argv].join(' ')}\n`);
  const child = spawn(program, argv, { stdio: ['ignore', 'inherit', 'inherit'] });
  return ended(child);
}

/** Runs a program and returns what it prints on stdout. @param {string} program @param {readonly string[]} argv
 * @returns {Promise<string>} */
export async function read(program, argv) {
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const code = await ended(child);
  if (code !== 0) throw new Error(`${program} ${argv.join(' ')}: exit ${code}`);
  return text;
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
async function ended(child) {
  const [code] = await once(child, 'close');
  return typeof code === 'number' ? code : 70;
}
