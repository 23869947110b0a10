/** The samples in `etc/` and the list of settings in the documents: made from the tables, and valid. */
import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {listSettings} from '../../src/programs/program-help.js'
import {ALL_SETTINGS} from '../../src/server/settings/all-settings.js'
import {parseConfig} from '../../src/server/settings/config-file.js'
import {readSettings} from '../../src/server/settings/setting.js'
import {GivenSettings, NOTHING_GIVEN} from '../../src/server/settings/sources.js'
import {sampleConfig, withSettings} from '../support/settings-reference.js'

const ROOT = path.resolve(import.meta.dirname, '../../..')

describe('the settings in samples and documents', () => {
  for (const kind of ['api', 'registry'] as const) {
    describe(`etc/glance-${kind}.conf`, () => {
      const file = path.join(ROOT, `etc/glance-${kind}.conf`)

      it('is made from the tables: run npm run reference', async () => {
        assert.equal(await readFile(file, 'utf8'), sampleConfig(kind))
      })

      it('sets nothing', async () => {
        const values = parseConfig(await readFile(file, 'utf8'), file)
        assert.deepEqual(
          [...values.values()].flatMap(section => [...section.keys()]),
          [],
        )
      })

      it('has the defaults, with names that the service knows', async () => {
        const content = (await readFile(file, 'utf8')).replaceAll(/^#(\w+ = )/gm, '$1')
        const given = new GivenSettings({
          assignments: [],
          env: {},
          file: {path: file, values: parseConfig(content, file)},
        })
        const table = listSettings(kind)
        assert.deepEqual(given.describeUnknown(), [])
        assert.deepEqual(readSettings(table, given.in()), readSettings(table, NOTHING_GIVEN.in()))
        const named = Object.entries(table).filter(([name]) => given.in()(name) !== undefined)
        assert.ok(named.length > 5)
      })
    })
  }

  it('are all in the sample of the image service, each once', async () => {
    const names = sampleConfig('api').match(/^#\w+ =/gm) ?? []
    assert.equal(names.length, Object.keys(ALL_SETTINGS).length)
  })

  it('are in docs/configuration.md: run npm run reference', async () => {
    const document = await readFile(path.join(ROOT, 'docs/configuration.md'), 'utf8')
    assert.equal(document, withSettings(document))
  })
})
