/** Text in the macros of man(7). */

/** A term, and what it means. */
export type Entry = readonly [term: string, text: string]

export const DASH = String.raw`\-`

export function section(title: string, lines: readonly string[]): string[] {
  return [`.SH ${title.includes(' ') ? `"${title}"` : title}`, ...lines]
}

/** Paragraphs, which empty lines separate. */
export function paragraphs(text: string): string[] {
  return text.split(/\n{2,}/).flatMap((paragraph, n) => [...(n > 0 ? ['.PP'] : []), ...wrapSource(paragraph)])
}

export function entries(rows: readonly Entry[]): string[] {
  return rows.flatMap(([term, text]) => ['.TP', `.B ${escapeWord(term.trim())}`, ...wrapSource(text)])
}

/** Lines as they are. */
export function verbatim(lines: readonly string[]): string[] {
  return ['.nf', ...lines.map(escapeLine), '.fi']
}

/** Lines of source that fit a screen; the formatter fills them again. */
function wrapSource(text: string): string[] {
  const words = text.split(/\s+/).filter(Boolean)
  const lines: string[] = []
  for (const word of words) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + word.length < 70 && !/[.!?:]$/.test(line))
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines.map(escapeLine)
}

export function escapeWord(text: string): string {
  return text.replaceAll('\\', String.raw`\e`).replaceAll('-', DASH)
}

/** A line that begins with a dot or an apostrophe would be a request. */
function escapeLine(line: string): string {
  return `${/^[.']/.test(line) ? String.raw`\&` : ''}${escapeWord(line)}`
}
