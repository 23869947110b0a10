/** Checks that the package can be installed as the README says: on Node 20, without warnings and install scripts. */
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '../..')
const readJson = (name: string) => JSON.parse(readFileSync(path.join(ROOT, name), 'utf8'))

interface LockedPackage {
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
  readonly engines?: {readonly node?: string}
}

/** True if one of the alternatives of a range includes Node 20.19. */
function includesNode20(range: string): boolean {
  return range.split('||').some(text => {
    const [, operator, major] = /^\s*(\D*)(\d+)/.exec(text) ?? []
    return operator?.includes('>') ? Number(major) <= 20 : Number(major) === 20
  })
}

describe('the package', () => {
  const locked: Record<string, LockedPackage> = readJson('package-lock.json').packages
  const installed = Object.entries(locked).filter(([name, {dev}]) => name !== '' && !dev)

  it('needs no library that excludes Node 20', () => {
    assert.ok(installed.length > 60)
    assert.deepEqual(
      installed
        .filter(([, {engines}]) => engines?.node && !includesNode20(engines.node))
        .map(([name]) => name),
      [],
    )
  })

  it('runs no script of a library when it is installed', () => {
    const names = Object.entries(locked).filter(([, {hasInstallScript}]) => hasInstallScript)
    assert.deepEqual(names, [])
  })

  it('has no overrides, which do not reach users', () => {
    assert.equal(readJson('package.json').overrides, undefined)
  })
})
