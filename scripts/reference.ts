/**
 * Updates what is made from the declarations, after a command, a flag or a field has changed: docs/commands.md, the list of
 * commands in the README, the manual pages, the golden files of the help, the JSON Schemas of records, and, after a setting has
 * changed, the samples in etc/ and the list in docs/configuration.md.
 */
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {helpTexts, reference, withReference} from '../test/support/reference.js'
import {schemaFiles} from '../test/support/schemas.js'
import {sampleConfig, withSettings} from '../test/support/settings-reference.js'
import {manPage} from './man-page.js'
import {programPages} from './program-pages.js'

const root = path.resolve(import.meta.dirname, '../..')
const readme = path.join(root, 'README.md')
await writeFile(readme, await withReference(await readFile(readme, 'utf8')))
await writeFile(path.join(root, 'docs/commands.md'), await reference())
for (const [name, text] of await helpTexts())
  await writeFile(path.join(root, 'test/golden', `${name}.help`), text)
await mkdir(path.join(root, 'man'), {recursive: true})
await writeFile(path.join(root, 'man/glance.1'), await manPage())
for (const [name, text] of programPages()) await writeFile(path.join(root, 'man', name), text)
await mkdir(path.join(root, 'etc'), {recursive: true})
for (const kind of ['api', 'registry'] as const)
  await writeFile(path.join(root, `etc/glance-${kind}.conf`), sampleConfig(kind))
const settings = path.join(root, 'docs/configuration.md')
await writeFile(settings, withSettings(await readFile(settings, 'utf8')))
for (const [name, text] of schemaFiles()) await writeFile(path.join(root, 'docs/schema', name), text)
