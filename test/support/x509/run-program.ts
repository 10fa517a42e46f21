import { execFile } from 'node:child_process';

export interface Ended {
  readonly code: number;
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program of the machine to its end; whatever its exit code, that is an answer.
 * @throws Error when it cannot be started, with what to install
 */
export function runProgram(
  program: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const env = { ...process.env, ...options.env };
  const where = options.cwd === undefined ? {} : { cwd: options.cwd };
  return new Promise((resolve, reject) => {
    execFile(program, [...argv], { ...where, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (error === null) resolve({ code: 0, output });
      else if (typeof error.code === 'number') resolve({ code: error.code, output });
      else reject(new Error(`${program} could not be run: ${error.message}`, { cause: error }));
    });
  });
}

/** @throws Error with what the program said, when it ends otherwise than with 0 */
export async function mustRun(
  program: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, output } = await runProgram(program, argv, options);
  if (code !== 0) throw new Error(`${program} ${argv.join(' ')} ended with ${code}: ${output.slice(-2_000)}`);
  return output;
}
