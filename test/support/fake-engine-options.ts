import type { Container, ExecResult, ExecSpec, Image } from '../../src/ports/container-engine.ts';

/** What a program is started with; input that came as a stream is read to its end before. */
export type FakeExec = Omit<ExecSpec, 'stdin'> & { readonly stdin?: string | Uint8Array };

export interface FakeEngineOptions {
  readonly images?: readonly Image[];
  /** Default: every container has `cat`, and nothing else. */
  readonly exec?: (container: Container, spec: FakeExec, files: ReadonlyMap<string, Buffer>) => ExecResult;
}
