import { DefaultRenderer, Listr, ListrLogger, type ListrTask, ProcessOutput } from 'listr2';

export type LiveTask = ListrTask<unknown, typeof OnTerminal>;

export interface LiveList {
  /** Says something below the list at once, until something else is said or the list ends. */
  readonly note: (text: string) => void;
  /** Resolves when all tasks have ended and the list was drawn for the last time. */
  readonly finish: () => Promise<void>;
}

/** Columns that listr2 indents by, per level. */
const INDENT = 2;

/** listr2 draws only where stdout is a terminal; this one draws where the caller says that there is one. */
class OnTerminal extends DefaultRenderer {
  static override nonTTY = true;

  /** Rows that go on are indented like the first one; listr2 leaves the blank there at which it broke the line. */
  protected override format(message: string, icon: string, level: number): string[] {
    const margin = ' '.repeat(INDENT * (level + 1));
    const [first, ...rest] = super.format(message, icon, level);
    return first === undefined ? [] : [first, ...rest.map((row) => margin + row.trimStart())];
  }
}

/**
 * listr2 as a view: tasks only wait for what happens elsewhere. It never aborts, listens to no signal itself
 * (it would end the process with its own exit code), and leaves stdout to the result.
 * @param keep whether the list stays on the screen when it ends
 */
export function drawList(tasks: readonly LiveTask[], terminal: NodeJS.WriteStream, keep: boolean): LiveList {
  const notes = notesBelow();
  const list = new Listr<unknown, typeof OnTerminal>([...tasks, notes.task], {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    renderer: OnTerminal,
    rendererOptions: {
      clearOutput: !keep,
      // What failed keeps its name; the error is said once, below.
      showErrorMessage: false,
      collapseErrors: false,
      logger: new ListrLogger({
        useIcons: true,
        toStderr: [],
        processOutput: new ProcessOutput(terminal, terminal),
      }),
    },
  });
  const running = list.run();
  return {
    note: notes.say,
    finish: async () => {
      notes.end();
      await running;
    },
  };
}

/** A task without a title: listr2 shows what it says below all others. */
function notesBelow() {
  const ended = Promise.withResolvers<void>();
  const write = { now: (_text: string): void => undefined };
  const task: LiveTask = {
    task: async (_context, own) => {
      write.now = (text) => {
        own.output = text;
      };
      await ended.promise;
    },
  };
  return { task, say: (text: string) => write.now(text), end: ended.resolve };
}
