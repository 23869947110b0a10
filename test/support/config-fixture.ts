/** A home and a working directory with configuration files, for tests of settings. */
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import type {Environment} from '../../src/lib/identity/clouds/config-files.js'

export interface ConfigFixture extends Environment {
  readonly root: string
  /** Writes a file below the root and gives its path. */
  put(path: string, text: string | Uint8Array): Promise<string>
  /** The same environment with only these variables. */
  with(env: Record<string, string>): Environment
  remove(): Promise<void>
}

/** The root holds `cwd`, `home` and an empty site directory, so that no file of the machine is found. */
export async function createConfigFixture(): Promise<ConfigFixture> {
  const root = await mkdtemp(join(tmpdir(), 'glance-place-'))
  const cwd = join(root, 'cwd')
  const home = join(root, 'home')
  await Promise.all([mkdir(cwd), mkdir(home)])
  const env = {XDG_CONFIG_DIRS: join(root, 'site')}
  const environment: Environment = {env, cwd, home, platform: 'linux'}
  return {
    ...environment,
    root,
    put: async (path, text) => {
      const full = join(root, path)
      await mkdir(dirname(full), {recursive: true})
      await writeFile(full, text)
      return full
    },
    with: more => ({...environment, env: {...env, ...more}}),
    remove: () => rm(root, {recursive: true, force: true}),
  }
}
