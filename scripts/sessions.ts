/** Draws the pictures of sessions in the README, light and dark, into `docs/pictures`. */
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {drawSessions} from './pictures/sessions.js'

const folder = path.resolve(import.meta.dirname, '../../docs/pictures')
await mkdir(folder, {recursive: true})
for (const [name, text] of await drawSessions()) await writeFile(path.join(folder, name), text)
