/**
 * Start-up costs of a command without a request and of one with a single request, as ratios to an empty
 * program of the same runtime. BENCH_URL and BENCH_ROUNDS as for transfers.
 */
import {rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {compare, folder, GLANCE, listOthers, run} from './rounds.js'
import {openTarget} from './target.js'

const empty = path.join(folder, 'empty.mjs')
const target = await openTarget()
try {
  await writeFile(empty, 'process.exit(0)\n')
  const {tool, version, glance, openstack} = target
  const nothing = {name: 'an empty program', line: `"${process.execPath}" "${empty}"`}
  const id = run(`${tool} add name=bench disk_format=raw container_format=bare < /dev/null`)
    .trim()
    .split(': ')[1]
  compare('Version', [
    nothing,
    {name: 'glance', line: `${GLANCE} --version`},
    ...listOthers({glance: 'glance --version', openstack: 'openstack --version'}),
  ])
  compare('Completion of a command', [
    nothing,
    {name: 'glance', line: `printf 'glance in\\0 \\0' | ${GLANCE} __complete bash`},
  ])
  compare('One request', [
    nothing,
    {name: 'glance', line: `${tool} show ${id}`},
    ...(version === 1
      ? []
      : listOthers({glance: `${glance} image-show ${id}`, openstack: `${openstack} image show ${id}`})),
  ])
  run(`${tool} delete --force ${id}`)
} finally {
  await target.close()
  await rm(folder, {recursive: true, force: true})
}
