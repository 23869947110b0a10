/** Updates the command reference in the README and the golden files of the help, after a command has changed. */
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {helpTexts, withReference} from '../test/support/reference.js'

const root = path.resolve(import.meta.dirname, '../..')
const readme = path.join(root, 'README.md')
await writeFile(readme, await withReference(await readFile(readme, 'utf8')))
for (const [name, text] of await helpTexts())
  await writeFile(path.join(root, 'test/golden', `${name}.help`), text)
