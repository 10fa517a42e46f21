import { cp, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandResult } from '../../../ports/process-runner.ts';
import { GO_PINS, type GoComponent } from '../../../versions.ts';
import type { Stage, StageWork } from '../stage.ts';
import type { GoBuild, GoRecipe } from './go-recipes.ts';

export interface GoStageInputs {
  /** Directory of a component: go.mod and go.sum. */
  readonly moduleDir: (component: GoComponent) => string;
  /** Digest over go.mod and go.sum of a component. */
  readonly moduleDigest: (component: GoComponent) => string;
  /** Version of the compiler; it decides the bytes of every binary. */
  readonly goVersion: string;
}

/** The stages that compile Go programs; each leaves its binaries in `bin/`. */
export function goStages(recipes: readonly GoRecipe[], inputs: GoStageInputs): readonly Stage[] {
  return recipes.map((recipe) => goStage(recipe, inputs));
}

function goStage(recipe: GoRecipe, inputs: GoStageInputs): Stage {
  const cwd = inputs.moduleDir(recipe.component);
  return {
    id: recipe.id,
    needs: [],
    slot: 'cpu',
    aboutSeconds: recipe.aboutSeconds,
    aboutBytes: recipe.megabytes * 1e6,
    compilerBytes: recipe.goMegabytes * 1e6,
    tools: ['go'],
    inputs: {
      modules: inputs.moduleDigest(recipe.component),
      go: inputs.goVersion,
      builds: recipe.builds.map((build) => ({
        flags: buildFlags(build),
        packages: build.packages,
        cgo: build.cgo ?? false,
      })),
      renamed: recipe.renamed ?? {},
      shared: recipe.shared ?? '',
    },
    fetch: async (work) => {
      // Loading the packages downloads exactly the modules they come from, unlike `go mod download`.
      for (const build of recipe.builds)
        await go(work, cwd, build, ['list', '-deps', `-tags=${tags(build)}`, ...build.packages]);
    },
    build: async (work) => {
      const bin = join(work.out, 'bin');
      await mkdir(bin, { recursive: true });
      for (const build of recipe.builds)
        await go(work, cwd, build, ['build', ...buildFlags(build), '-o', `${bin}/`, ...build.packages]);
      for (const [from, to] of Object.entries(recipe.renamed ?? {}))
        await rename(join(bin, from), join(bin, to));
      if (recipe.shared !== undefined)
        await copyShared(work, cwd, GO_PINS[recipe.component].module, recipe.shared);
    },
  };
}

function buildFlags(build: GoBuild): readonly string[] {
  const set = Object.entries(build.set ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return [
    '-trimpath',
    '-buildvcs=false',
    `-tags=${tags(build)}`,
    // The linker leaves DWARF out; not made in the first place it costs no compiler any time.
    '-gcflags=all=-dwarf=false',
    `-ldflags=${['-s', '-w', ...set].join(' ')}`,
  ];
}

function tags(build: GoBuild): string {
  return (build.tags ?? []).join(',');
}

async function copyShared(work: StageWork, cwd: string, module: string, from: string): Promise<void> {
  const { stdout } = await go(work, cwd, { packages: [] }, ['list', '-m', '-f', '{{.Dir}}', module]);
  await cp(join(stdout.trim(), from), join(work.out, 'share'), { recursive: true });
}

/** A compiler lives for seconds and collects garbage for a tenth of them; below 2 GiB it need not. */
const LESS_COLLECTING = { GOGC: '400', GOMEMLIMIT: '2GiB' };

async function go(
  work: StageWork,
  cwd: string,
  build: GoBuild,
  args: readonly string[],
): Promise<CommandResult> {
  // Readonly: go.sum in this repository decides what is compiled, and nothing may add to it.
  const env = { GOFLAGS: '-mod=readonly', GOWORK: 'off', CGO_ENABLED: build.cgo === true ? '1' : '0' };
  return work.run('go', args, { cwd, env: { ...env, ...LESS_COLLECTING } });
}
