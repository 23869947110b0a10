/** Updates the command reference in the README, the manual page and the golden files of the help, after a command has changed. */
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {helpTexts, withReference} from '../test/support/reference.js'
import {manPage} from './man-page.js'

const root = path.resolve(import.meta.dirname, '../..')
const readme = path.join(root, 'README.md')
await writeFile(readme, await withReference(await readFile(readme, 'utf8')))
for (const [name, text] of await helpTexts())
  await writeFile(path.join(root, 'test/golden', `${name}.help`), text)
await mkdir(path.join(root, 'man'), {recursive: true})
await writeFile(path.join(root, 'man/glance.1'), await manPage())
