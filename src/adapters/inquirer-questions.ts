import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Questions } from '../ports/questions.ts';
import { confirmWithPrompt } from './inquirer-prompt.ts';

/** Questions on the terminal, asked on stderr as every question is. @param signal ends them */
export async function openQuestions(signal: AbortSignal): Promise<Questions> {
  const { input, select } = await import('@inquirer/prompts');
  const on = { signal, output: process.stderr };
  return {
    text: (message, initial, problem) =>
      answered(
        signal,
        input({ message, default: initial, validate: (answer) => problem(answer) ?? true }, on),
      ),
    choose: (message, choices) =>
      answered(signal, select({ message, choices: choices.map((value) => ({ value, name: value })) }, on)),
    confirm: (message) => confirmWithPrompt(message, signal),
  };
}

async function answered<T>(signal: AbortSignal, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new MeshdevError('INTERRUPTED', {
      message: 'the question was left unanswered',
      details: { byPerson: !signal.aborted },
      cause,
    });
  }
}
