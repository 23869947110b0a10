/** Rewrites CommonJS code so that it loads what it requires at the first use. */

/** `const x = require("y")` at the top of a file, also within a call that adapts the module. */
const STATEMENT =
  /^(?:const|let|var) ((?:require|node)_[\w$]+|\w+_\d+|Errors|Parser) = ((?:[\w$.]+\()?require\(["'][^"'\n]+["']\)\)?);$/gm

/** `x = toESM(x, 1)` after such a statement. */
const ADAPTION = /^([\w$]+) = ([\w$.]+\()\1(.*\));\n/gm

/** The same code, in which each required module is a function that loads it at the first call. */
export function requireLazily(code: string): string {
  const adaptions = new Map([...code.matchAll(ADAPTION)].map(([, name, call, rest]) => [name, {call, rest}]))
  const names: string[] = []
  const lazy = code.replace(ADAPTION, '').replace(STATEMENT, (_, name: string, value: string) => {
    names.push(name.replaceAll('$', '\\$'))
    const {call = '', rest = ''} = adaptions.get(name) ?? {}
    return `let ${name}$;function ${name}$$(){return ${name}$??=${call}${value}${rest}}`
  })
  if (names.length === 0) return code
  return lazy.replace(
    new RegExp(`(?<![\\w$])(?<!(?<!\\.\\.)\\.)(?:${names.join('|')})(?![\\w$])`, 'g'),
    name => `(${name}$$())`,
  )
}
