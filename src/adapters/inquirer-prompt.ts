import { MeshdevError } from '../errors/meshdev-error.ts';

/**
 * A yes-or-no question on the terminal; no is the default.
 * @throws MeshdevError INTERRUPTED when it is left with Ctrl-C
 */
export async function confirmWithPrompt(message: string, signal: AbortSignal): Promise<boolean> {
  const { confirm } = await import('@inquirer/prompts');
  try {
    return await confirm({ message, default: false }, { signal, output: process.stderr });
  } catch (cause) {
    throw new MeshdevError('INTERRUPTED', {
      message: 'the prompt was cancelled',
      details: { byPerson: !signal.aborted },
      cause,
    });
  }
}
