import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { BundleManifest } from './manifest.ts';

/** Where a bundle is to be used. */
export interface BundleTarget {
  /** Of the engine, linux/amd64; undefined while none answers. */
  readonly images: string | undefined;
  /** Of this machine, where kind and istioctl run. */
  readonly tools: string;
  readonly expects: Readonly<Record<string, string>>;
  readonly meshdev: string;
}

/** Why a bundle cannot be used there; undefined when it can. Pure. */
export function misfit(
  path: string,
  manifest: BundleManifest,
  target: BundleTarget,
): MeshdevError | undefined {
  const { platform } = manifest;
  if (target.images !== undefined && platform.images !== target.images)
    return otherPlatform(
      path,
      `its images are for ${platform.images}, and the engine runs ${target.images}`,
      target.images,
    );
  if (platform.tools !== target.tools)
    return otherPlatform(
      path,
      `its kind and istioctl are for ${platform.tools}, and this machine is ${target.tools}`,
      target.tools,
    );
  const names = [...new Set([...Object.keys(manifest.expects), ...Object.keys(target.expects)])].toSorted();
  const other = names.find((name) => manifest.expects[name] !== target.expects[name]);
  return other === undefined ? undefined : otherVersion(path, manifest, target, other);
}

function otherPlatform(path: string, because: string, wanted: string): MeshdevError {
  return new MeshdevError('BUNDLE_PLATFORM', {
    message: `using the bundle ${path}: ${because}`,
    remedies: [
      `meshdev bundle create FILE, on a machine that is ${wanted}`,
      'meshdev up --image-source registry',
    ],
  });
}

function otherVersion(
  path: string,
  manifest: BundleManifest,
  target: BundleTarget,
  name: string,
): MeshdevError {
  const [has, wants] = [manifest.expects[name] ?? 'none', target.expects[name] ?? 'none'];
  return new MeshdevError('BUNDLE_UNSUPPORTED', {
    message: `using the bundle ${path}: meshdev ${manifest.meshdev} created it with ${name} ${has}, and meshdev ${target.meshdev} needs ${wants}`,
    remedies: [
      'meshdev bundle create FILE, with this version of meshdev',
      `install meshdev ${manifest.meshdev}, the version that created the bundle`,
    ],
  });
}
