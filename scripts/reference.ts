/**
 * Updates what is made from the declarations, after a command, a flag or a field has changed: docs/commands.md, the list of
 * commands in the README, the manual page, the golden files of the help, and the JSON Schemas of records.
 */
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {helpTexts, reference, withReference} from '../test/support/reference.js'
import {schemaFiles} from '../test/support/schemas.js'
import {manPage} from './man-page.js'

const root = path.resolve(import.meta.dirname, '../..')
const readme = path.join(root, 'README.md')
await writeFile(readme, await withReference(await readFile(readme, 'utf8')))
await writeFile(path.join(root, 'docs/commands.md'), await reference())
for (const [name, text] of await helpTexts())
  await writeFile(path.join(root, 'test/golden', `${name}.help`), text)
await mkdir(path.join(root, 'man'), {recursive: true})
await writeFile(path.join(root, 'man/glance.1'), await manPage())
for (const [name, text] of schemaFiles()) await writeFile(path.join(root, 'docs/schema', name), text)
