import type { Readable } from 'node:stream';

/** What an image is built from, and under which name it is kept. */
export interface BuildSpec {
  /** The name that it gets when all steps succeeded; none of a build that fails. */
  readonly reference: string;
  /** A tar archive; it fails: the build ends with it, and nothing is kept. */
  readonly context: Readable;
  /** The Dockerfile, as a path in the archive. */
  readonly dockerfile: string;
  /** Every version of Docker has both in its API; BuildKit knows more instructions, the classic one needs less. */
  readonly builder: 'classic' | 'buildkit';
  /** The stage that is built; undefined: the last one. */
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** Labels beside those of the Dockerfile. */
  readonly labels: Readonly<Record<string, string>>;
  /** Is handed what steps print, and the name of each one as it begins. */
  readonly onOutput: (text: string) => void;
  readonly timeoutMs: number;
}

/** How a build ended. A step that fails is a result, not an error; `because` has the engine's words. */
export type BuildEnd =
  | { readonly kind: 'built' }
  | {
      readonly kind: 'failed';
      readonly because: string;
      /** Where the engine names it. */ readonly step?: string;
    };
