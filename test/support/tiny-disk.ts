/** A disk that is soon full; where none can be made (that takes root) the tests that need it are skipped. */
import {execFileSync} from 'node:child_process'
import {useTempDir} from './temp-dir.js'

/** Call within `describe`; the function it gives names the folder where the disk of the test that runs is mounted. */
export function useTinyDisk(megabytes: number): () => string {
  let mounted = ''
  // Stands before the hook that removes the folder, which a mount would keep it from.
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
