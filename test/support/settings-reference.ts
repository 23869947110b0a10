/** Texts that are made from the tables of settings: the samples in `etc/`, and the list in docs/configuration.md. */
import {listGroups, type ProgramKind} from '../../src/programs/program-help.js'
import {SECTION_ALIASES, type SettingGroup} from '../../src/server/settings/all-settings.js'
import type {Setting} from '../../src/server/settings/setting.js'
import {formatDefault} from '../../src/server/settings/sources.js'

const BEGIN = '<!-- settings: made by `npm run reference` -->'
const END = '<!-- end of settings -->'

const SERVERS: Readonly<Record<ProgramKind, string>> = {
  api: 'the image service',
  registry: 'the registry server',
}

/** The sample of the configuration file of a program: each setting with its default, commented out. */
export function sampleConfig(kind: ProgramKind): string {
  const groups = listGroups(kind)
  const sections = [...new Set(['DEFAULT', ...groups.map(toSection)])]
  const parts = sections.map(section => {
    const own = groups.filter(group => toSection(group) === section)
    return `[${section}]\n\n${own.map(formatGroup).join('\n')}`
  })
  return `# Settings of glance-${kind}, ${SERVERS[kind]}, with their defaults. Remove the # of those to change.
# What this file may contain is described in docs/configuration.md.
# It is made from the tables of settings by \`npm run reference\`.

${parts.join('\n')}`
}

/** Replaces the list of settings in docs/configuration.md. */
export function withSettings(document: string): string {
  const [head, rest = ''] = document.split(BEGIN)
  const [, tail] = rest.split(END)
  if (head === undefined || tail === undefined) throw new Error('the document has lost the marks of its list')
  return `${head}${BEGIN}\n\n${listGroups('api').map(formatList).join('\n')}\n${END}${tail}`
}

function toSection({section = 'DEFAULT'}: SettingGroup): string {
  return section
}

/** The name of a setting in its section. */
function toName(name: string, section: string): string {
  const aliases = SECTION_ALIASES[section] ?? {}
  return section === 'DEFAULT' ? name : (Object.keys(aliases).find(alias => aliases[alias] === name) ?? name)
}

function formatGroup(group: SettingGroup): string {
  const settings = Object.entries(group.settings).map(([name, setting]) => {
    const value = formatDefault(setting.default)
    return `# ${describe(setting)}\n#${toName(name, toSection(group))} =${value && ` ${value}`}\n`
  })
  return `### ${group.title} ###\n\n${settings.join('\n')}`
}

function describe({help, isSecret, isReloaded}: Setting): string {
  return `${help}.${isSecret === true ? ' A secret.' : ''}${isReloaded ? ' Taken at a reload.' : ''}`
}

function formatList(group: SettingGroup): string {
  const section = toSection(group)
  const rows = Object.entries(group.settings).map(([name, setting]) => {
    const other = toName(name, section)
    const value = formatDefault(setting.default)
    const names = other === name ? `\`${name}\`` : `\`${name}\`, there \`${other}\``
    return `| ${names} | ${value && `\`${value}\``} | ${describe(setting).replaceAll('|', '\\|')} |\n`
  })
  const place = section === 'DEFAULT' ? '' : `In \`[${section}]\`, or in \`[DEFAULT]\`.\n\n`
  return `### ${group.title}\n\n${place}| setting | default | meaning |\n| --- | --- | --- |\n${rows.join('')}`
}
