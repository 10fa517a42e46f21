import { z } from 'zod';
import type { Blob } from '../oci-image.ts';
import { parseJson } from '../../parse-json.ts';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const Descriptor = z.object({ mediaType: z.string(), digest, size: z.int().nonnegative() });
const Platform = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });

const Manifest = z.object({ config: Descriptor, layers: z.array(Descriptor) });
const Index = z.object({ manifests: z.array(Descriptor.extend({ platform: Platform.optional() })) });
const Config = z.object({
  architecture: z.string(),
  os: z.string(),
  rootfs: z.object({ diff_ids: z.array(digest) }),
});

/** An index leads to manifests of platforms; a manifest is one image. */
export type Document =
  | { readonly kind: 'index'; readonly entries: readonly IndexEntry[] }
  | { readonly kind: 'manifest'; readonly config: Blob; readonly layers: readonly Blob[] };

export interface IndexEntry extends Blob {
  /** `linux/amd64`; undefined for attestations and the like. */
  readonly platform: string | undefined;
}

/** Pure; undefined for what is neither. Content decides, not the media type that a server claims. */
export function parseDocument(text: string): Document | undefined {
  const json = parseJson(text);
  const index = Index.safeParse(json).data;
  if (index !== undefined)
    return {
      kind: 'index',
      entries: index.manifests.map(({ platform, ...blob }) => ({
        ...blob,
        platform: platform === undefined ? undefined : `${platform.os}/${platform.architecture}`,
      })),
    };
  const manifest = Manifest.safeParse(json).data;
  return manifest === undefined ? undefined : { kind: 'manifest', ...manifest };
}

export interface ConfigSeen {
  readonly platform: string;
  /** Digests of the layers, unpacked. */
  readonly diffIds: readonly string[];
}

export function parseConfig(text: string): ConfigSeen | undefined {
  const config = Config.safeParse(parseJson(text)).data;
  if (config === undefined) return undefined;
  return { platform: `${config.os}/${config.architecture}`, diffIds: config.rootfs.diff_ids };
}
