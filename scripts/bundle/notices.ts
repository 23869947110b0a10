/** The licences of the libraries in a bundle. */
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'

/** The licences of all libraries that these modules belong to. */
export function collectNotices(modules: readonly string[]): string {
  const folders = modules.flatMap(id => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? [])
  return `${[...new Set(folders)].sort().map(toNotice).join('\n\n')}\n`
}

function toNotice(folder: string): string {
  const {name, version, license} = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  const texts = readdirSync(folder).filter(file => /^(licen[cs]e|notice|copying)/i.test(file))
  const content = texts.map(file => readFileSync(path.join(folder, file), 'utf8').trim())
  return [`${name} ${version} (${license})`, ...content].join('\n\n')
}
