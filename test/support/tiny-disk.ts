/** A small disk that fills quickly; if it cannot be mounted (that requires root) the tests that need it are skipped. */
import {execFileSync} from 'node:child_process'
import {useTempDir} from './temp-dir.js'

/** Call within `describe`; the returned function gives the folder where the disk of the running test is mounted. */
export function useTinyDisk(megabytes: number): () => string {
  let mounted = ''
  // Registered before the hook that removes the folder, which would fail while it is mounted.
  afterEach(() => {
    // Lazily, for a file may be open until the garbage collector closes it.
    if (mounted !== '') execFileSync('umount', ['-l', mounted])
    mounted = ''
  })
  const directory = useTempDir()
  beforeEach(function () {
    try {
      const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs']
      execFileSync('mount', [...options, directory()], {stdio: 'ignore'})
      mounted = directory()
    } catch {
      this.skip()
    }
  })
  return directory
}
