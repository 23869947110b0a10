/**
 * Start-up costs of commands without a request and of some with one or a few, as ratios to an empty program of the same
 * runtime. BENCH_URL and BENCH_ROUNDS as for transfers; on a busy machine, take the processor time.
 */
import {rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {compare, folder, GLANCE, listOthers, run} from './rounds.js'
import {openTarget} from './target.js'

/** One request, by version of Node. */
const SHORT_LIST = Number(process.versions.node.split('.')[0]) >= 24 ? '1.9' : '2.2'

const empty = path.join(folder, 'empty.cjs')
const target = await openTarget()
try {
  await writeFile(empty, 'process.exit(0)\n')
  const {tool, version, glance, openstack} = target
  const nothing = {name: 'an empty program', line: `"${process.execPath}" "${empty}"`}
  const id = run(`${tool} add name=bench disk_format=raw container_format=bare < /dev/null`)
    .trim()
    .split(': ')[1]
  const compareStart = (what: string, goal: string, line: string, others: Readonly<Record<string, string>>) =>
    compare(what, [nothing, {name: 'glance', line, goal}, ...listOthers(others, '5 times glance')])
  const onV2 = (others: Readonly<Record<string, string>>) => (version === 1 ? {} : others)
  compareStart('Version', '1.3', `${GLANCE} --version`, {
    glance: 'glance --version',
    openstack: 'openstack --version',
  })
  compareStart('Help', '1.3', `${GLANCE} help index`, {
    glance: 'glance help image-list',
    openstack: 'openstack help image list',
  })
  compareStart('Usage error', '1.3', `${GLANCE} index --none || [ $? = 2 ]`, {
    glance: 'glance image-list --none || [ $? = 2 ]',
  })
  compareStart(
    'Dry run',
    '1.5',
    `${tool} --dry-run add name=x disk_format=raw container_format=bare < /dev/null`,
    {},
  )
  compareStart(
    'One image',
    SHORT_LIST,
    `${tool} show ${id}`,
    onV2({
      glance: `${glance} image-show ${id}`,
      openstack: `${openstack} image show ${id}`,
    }),
  )
  compareStart(
    'Short list',
    SHORT_LIST,
    `${tool} index`,
    onV2({
      glance: `${glance} image-list`,
      openstack: `${openstack} image list`,
    }),
  )
  compare('Completion of a command', [
    nothing,
    {name: 'glance', line: `printf 'glance in\\0 \\0' | ${GLANCE} __complete bash`},
  ])
  run(`${tool} delete --force ${id}`)
} finally {
  await target.close()
  await rm(folder, {recursive: true, force: true})
}
