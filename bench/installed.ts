/** The size and the number of packages of an installation from the tarball that is published. */
import {rm} from 'node:fs/promises'
import path from 'node:path'
import {folder, printRow, run} from './rounds.js'

const root = path.resolve(import.meta.dirname, '../..')
try {
  const tarball = run(
    `cd "${root}" && npm pack --silent --ignore-scripts --pack-destination "${folder}"`,
  ).trim()
  const prefix = path.join(folder, 'prefix')
  run(`npm install --silent --global --prefix "${prefix}" "${path.join(folder, tarball)}"`)
  const [kib = ''] = run(`du -sk "${prefix}"`).split('\t')
  const packages = run(`npm ls --global --prefix "${prefix}" --all --parseable`).trim().split('\n').length - 1
  printRow('Installation', ['', 'goal'])
  printRow('  size in MB', [((Number(kib) * 1024) / 1e6).toFixed(1), 'below 15'])
  printRow('  packages', [String(packages), 'below 25'])
} finally {
  await rm(folder, {recursive: true, force: true})
}
