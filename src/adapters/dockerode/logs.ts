import { z } from 'zod';
import type { LogLine, LogOptions } from '../../ports/container-engine.ts';
import type { EngineClient } from './client.ts';
import { ContainerAnswer } from './schemas.ts';
import { demux, type Frame } from './stream.ts';
import { readAnswer } from '../../read-answer.ts';

/** What a container wrote so far; empty when there is no such container. */
export async function readLogs(
  client: EngineClient,
  id: string,
  options: LogOptions,
  signal: AbortSignal,
): Promise<readonly LogLine[]> {
  const doing = `reading the log of container ${id}`;
  const answer = await client.call({ doing, fine: [404], signal }, async (docker, abortSignal) => {
    const container = docker.getContainer(id);
    const { tty } = readAnswer(ContainerAnswer, await container.inspect({ abortSignal }), doing);
    const query = {
      stdout: true,
      stderr: true,
      timestamps: true,
      ...(options.tail === undefined ? {} : { tail: options.tail }),
    };
    const since = options.since === undefined ? {} : { since: options.since.getTime() / 1000 };
    const raw = readAnswer(
      z.instanceof(Buffer),
      await container.logs({ ...query, ...since, follow: false, abortSignal }),
      doing,
    );
    // With a terminal there is one stream and no framing.
    return tty ? [{ stream: 'stdout' as const, data: raw }] : demux(raw);
  });
  return logLines(answer ?? []);
}

/**
 * Frames to lines, in the order written. Each frame starts with a time stamp; a frame without a line end
 * is the first part of a long line (16 KiB and more), and its other parts have stamps of their own.
 */
export function logLines(frames: readonly Frame[]): readonly LogLine[] {
  const lines: LogLine[] = [];
  const open = new Map<Frame['stream'], LogLine>();
  for (const { stream, data } of frames) {
    const text = data.toString('utf8');
    for (const piece of text.split(/(?<=\n)/)) {
      const part = stamped(stream, piece.replace(/\r?\n$/, ''));
      const begun = open.get(stream);
      const line = begun === undefined ? part : { ...begun, text: begun.text + part.text };
      if (piece.endsWith('\n')) {
        lines.push(line);
        open.delete(stream);
      } else open.set(stream, line);
    }
  }
  return [...lines, ...open.values()];
}

function stamped(stream: Frame['stream'], piece: string): LogLine {
  const space = piece.indexOf(' ');
  return { stream, at: piece.slice(0, space), text: piece.slice(space + 1) };
}
