import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openServiceImages, type ServiceImagesDeps } from '../../../../src/images/services/service-images.ts';
import type { Images } from '../../../../src/ports/container-engine.ts';
import type { Service, ServiceSource } from '../../../../src/topology/service.ts';
import { createFakeEngine } from '../../../support/fake-engine.ts';

/** A project in a directory of its own, in front of an engine that builds nothing real. */
export interface Project extends AsyncDisposable {
  readonly dir: string;
  readonly engine: ReturnType<typeof createFakeEngine>;
  /** Calls that change the engine, in their order: `build meshdev.local/service/…`. */
  readonly calls: readonly string[];
  put(path: string, text?: string): Promise<void>;
  open(
    sources: Readonly<Record<string, Partial<BuildSource> | { readonly image: string }>>,
    more?: Partial<ServiceImagesDeps>,
  ): ReturnType<typeof openServiceImages>;
}

type BuildSource = Extract<ServiceSource, { kind: 'build' }>;

export const BASE = { id: `sha256:${'1'.repeat(64)}`, tags: ['base:1'], labels: {}, sizeBytes: 1 };

export const run = { signal: new AbortController().signal, progress: (): void => undefined };

export async function project(): Promise<Project> {
  const dir = await mkdtemp(join(tmpdir(), 'meshdev-project-'));
  const fake = createFakeEngine({ images: [BASE] });
  const calls: string[] = [];
  const engine = { ...fake, images: recording(fake.images, calls) };
  return {
    dir,
    engine,
    calls,
    put: async (path, text = path) => {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    },
    open: (sources, more) =>
      openServiceImages({
        services: Object.entries(sources).map(([id, source]) => serviceOf(id, source)),
        projectDir: dir,
        engine: async () => engine,
        settings: { mirror: {}, profile: 'stock', downloads: 'https://none.example' },
        cacheDir: join(dir, '.cache'),
        stateDir: join(dir, '.state'),
        outside: async () => {
          throw new Error('no registry is asked');
        },
        ...more,
      }),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

function serviceOf(
  id: string,
  source: Partial<BuildSource> | { readonly image: string },
): Pick<Service, 'id' | 'source'> {
  if ('image' in source) return { id, source: { kind: 'image', image: source.image } };
  return { id, source: { context: './app', args: {}, ...source, kind: 'build' } };
}

function recording(images: Images, calls: string[]): Images {
  return {
    ...images,
    build: (spec, signal) => {
      calls.push(`build ${spec.reference}`);
      return images.build(spec, signal);
    },
    tag: (source, reference, signal) => {
      calls.push(`tag ${reference}`);
      return images.tag(source, reference, signal);
    },
    load: (...all) => {
      calls.push('load');
      return images.load(...all);
    },
    remove: (reference, signal) => {
      calls.push(`remove ${reference}`);
      return images.remove(reference, signal);
    },
  };
}
