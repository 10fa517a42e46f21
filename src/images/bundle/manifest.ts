import { z } from 'zod';
import { blobsOf } from '../oci-image.ts';
import { canonicalJson } from '../packages/keys.ts';
import { parseJson } from '../../parse-json.ts';
import { PROFILE_NAMES } from '../../profiles.ts';

/*
 * A bundle is a plain tar archive and a last line:
 *   manifest.json                    canonical JSON, first, so that it can be read alone
 *   blobs/sha256/<digest>.zst …      in the order of the manifest, each one a zstd stream of its own
 *   sha256:<digest>\n                over every byte before it, after the end of the archive
 * Archive tools read it and ignore the last line; no byte of the file is outside of a digest.
 */

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const bytes = z.int().nonnegative();

/** As the engine and Go name platforms: linux/amd64, darwin/arm64. */
const platformName = z.string().regex(/^[a-z0-9]{1,20}\/[a-z0-9]{1,20}$/);

const part = z.strictObject({ mediaType: z.string().max(200), digest, size: bytes });

/** An image of one platform, as what it is made of. */
const image = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9./:_-]{0,200}:[\w.-]{1,128}$/),
  manifest: part,
  config: part,
  layers: z.array(part).min(1),
});

const bundledTool = z.strictObject({ name: z.enum(['kind', 'istioctl']), blob: digest });

const bundledBlob = z.strictObject({
  digest,
  /** Of the content. */
  size: bytes,
  /** In the file, compressed. */
  stored: bytes.positive(),
});

const shape = z.strictObject({
  kind: z.literal('meshdev-bundle'),
  schemaVersion: z.literal('1'),
  /** Version of the meshdev that made it. */
  meshdev: z.string(),
  platform: z.strictObject({ images: platformName, tools: platformName }),
  /** The image source that the content came from. */
  source: z.enum(['registry', 'packages']),
  /** What that source said its content is; two bundles of the same content have the same. */
  content: z.string(),
  /** What a meshdev must expect to find inside, or its manifests name images that are not there. */
  expects: z.record(z.string(), z.string()),
  /** Whose build of Envoy and of the node the images carry. */
  profile: z.enum(PROFILE_NAMES),
  roles: z.strictObject({ node: z.string(), edge: z.string(), guest: z.string() }),
  /** Images that the engine runs, and images that are streamed into the node. */
  images: z.strictObject({ engine: z.array(image).min(1), node: z.array(image) }),
  tools: z.array(bundledTool),
  blobs: z.array(bundledBlob).min(1),
});

/** What a file has to say of itself before anything else of it is understood. */
const envelope = z.looseObject({ kind: z.literal('meshdev-bundle'), schemaVersion: z.string() });

export type BundleManifest = Readonly<z.infer<typeof shape>>;
export type BundledTool = z.infer<typeof bundledTool>;
export type BundledBlob = z.infer<typeof bundledBlob>;

export type ParsedManifest =
  | { readonly kind: 'good'; readonly manifest: BundleManifest }
  /** A bundle, in a form of another version. */
  | { readonly kind: 'other-version'; readonly schemaVersion: string }
  | { readonly kind: 'bad'; readonly because: string };

/** The text that goes into the file: equal manifests give equal bytes. */
export function manifestText(manifest: BundleManifest): string {
  return `${canonicalJson(manifest)}\n`;
}

/** Reads a manifest strictly: whatever it names must be in it. Pure. */
export function parseManifest(text: string): ParsedManifest {
  const json = parseJson(text);
  const known = envelope.safeParse(json);
  if (!known.success) return { kind: 'bad', because: 'its manifest is not a bundle manifest' };
  const { schemaVersion } = known.data;
  if (schemaVersion !== '1') return { kind: 'other-version', schemaVersion };
  const parsed = shape.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { kind: 'bad', because: `its manifest: ${issue?.path.join('.')}: ${issue?.message}` };
  }
  const because = contradiction(parsed.data);
  return because === undefined ? { kind: 'good', manifest: parsed.data } : { kind: 'bad', because };
}

/** What the manifest says in one place and denies in another. */
function contradiction(manifest: BundleManifest): string | undefined {
  const blobs = new Set(manifest.blobs.map((blob) => blob.digest));
  if (blobs.size !== manifest.blobs.length) return 'its manifest lists a blob more than once';
  const needed = [
    ...blobsOf([...manifest.images.engine, ...manifest.images.node]).map((blob) => blob.digest),
    ...manifest.tools.map((tool) => tool.blob),
  ];
  const absent = needed.find((one) => !blobs.has(one));
  if (absent !== undefined) return `its manifest needs ${absent} and does not list it`;
  const tools = manifest.tools.map((tool) => tool.name).toSorted();
  if (tools.join() !== 'istioctl,kind') return `its manifest has the programs ${tools.join(', ')}`;
  const references = new Set(manifest.images.engine.map(({ name }) => name));
  const missing = Object.values(manifest.roles).find((role) => !references.has(role));
  return missing === undefined ? undefined : `its manifest needs the image ${missing} and does not list it`;
}
