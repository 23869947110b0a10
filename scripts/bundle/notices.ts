/** The licences of the libraries in a bundle. */
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'

/** The licences of all libraries that these modules belong to; a text that several have is there once. */
export function collectNotices(modules: readonly string[]): string {
  const folders = modules.flatMap(id => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? [])
  const namesByText = new Map<string, string[]>()
  for (const folder of [...new Set(folders)].sort()) {
    const text = readLicence(folder)
    namesByText.set(text, [...(namesByText.get(text) ?? []), readName(folder)])
  }
  const notices = [...namesByText].map(([text, names]) =>
    [names.join('\n'), text].filter(Boolean).join('\n\n'),
  )
  return `${notices.join('\n\n')}\n`
}

function readName(folder: string): string {
  const {name, version, license} = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  return `${name} ${version} (${license})`
}

function readLicence(folder: string): string {
  const files = readdirSync(folder).filter(file => /^(licen[cs]e|notice|copying)/i.test(file))
  return files.map(file => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n')
}
