/** Places where settings are given, and the names that they have there. */

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>

/** The values of a configuration file: sections by name, settings by name. */
export type FileValues = ReadonlyMap<string, ReadonlyMap<string, string>>

/** The variable of a setting: `GLANCE_NAME`, or `GLANCE_SECTION__NAME` with `_` for what a shell does not take. */
export function toVariable(section: string, name: string): string {
  const prefix = section === 'DEFAULT' ? '' : `${section.replaceAll(/\W/g, '_')}__`
  return `GLANCE_${prefix}${name}`.toUpperCase()
}

/** True for a variable of Kubernetes, which sets `GLANCE_REGISTRY_PORT=tcp://10.0.0.1:9191` for a service glance-registry. */
export function isKubernetesPort(variable: string, value = ''): boolean {
  return variable.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value)
}

/** The flag of a setting: `--bind-host`. */
export function toFlag(name: string): string {
  return `--${name.replaceAll('_', '-')}`
}

/** `NAME` or `SECTION.NAME` as its section and name. */
export function splitTarget(target: string): readonly [section: string, name: string] {
  const at = target.lastIndexOf('.')
  return [at < 0 ? 'DEFAULT' : target.slice(0, at), target.slice(at + 1)]
}
