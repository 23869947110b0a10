/** Draws the screen of a terminal as an SVG picture without scripts and external resources. */
import type {Colour, Run, ScreenLine} from './screen.js'

/** The colours of a picture. Text has a contrast of at least 4.5 to the background. */
export type Palette = Readonly<Record<Colour | 'background' | 'bar' | 'border' | 'text', string>>

export const PALETTES = {
  light: {
    background: '#ffffff',
    bar: '#f6f8fa',
    border: '#d0d7de',
    text: '#1f2328',
    dim: '#656d76',
    red: '#cf222e',
    green: '#116329',
    yellow: '#7d4e00',
    blue: '#0550ae',
    magenta: '#8250df',
    cyan: '#0b6b75',
  },
  dark: {
    background: '#0d1117',
    bar: '#161b22',
    border: '#30363d',
    text: '#e6edf3',
    dim: '#8b949e',
    red: '#ff7b72',
    green: '#3fb950',
    yellow: '#d29922',
    blue: '#79c0ff',
    magenta: '#d2a8ff',
    cyan: '#39c5cf',
  },
} satisfies Readonly<Record<string, Palette>>

const FONTS =
  "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"

/** Lengths in pixels. */
const FONT_SIZE = 14
const COLUMN = 8.4
const LINE = 20
const MARGIN = 16
const BAR = 28

export interface Picture {
  readonly title: string
  readonly lines: readonly ScreenLine[]
  /** Width of the terminal in characters. */
  readonly columns: number
}

/** @returns the text of an SVG file */
export function drawScreen({title, lines, columns}: Picture, palette: Palette): string {
  const width = toPixels(columns) + 2 * MARGIN
  const height = BAR + lines.length * LINE + 2 * MARGIN - 4
  const {background, bar, border, text} = palette
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${escapeXml(title)}</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${background}" stroke="${border}"/>
<path d="M1 ${BAR}V8.5a7.5 7.5 0 0 1 7.5-7.5H${width - 8.5}a7.5 7.5 0 0 1 7.5 7.5V${BAR}z" fill="${bar}"/>
<g fill="${border}"><circle cx="18" cy="14.5" r="5"/><circle cx="35" cy="14.5" r="5"/><circle cx="52" cy="14.5" r="5"/></g>
<g font-family="${FONTS}" font-size="${FONT_SIZE}" fill="${text}" xml:space="preserve">
${lines.flatMap((line, index) => line.map(run => drawRun(run, index, palette))).join('\n')}
</g>
</svg>
`
}

/** `textLength` keeps the columns straight, however wide the font of the reader is. */
function drawRun({text, column, width, colour, isBold}: Run, index: number, palette: Palette): string {
  const leading = text.length - text.trimStart().length
  const shown = text.trim()
  const x = MARGIN + toPixels(column + leading)
  const y = BAR + MARGIN + index * LINE + FONT_SIZE - 4
  const length = toPixels(width - (text.length - shown.length))
  const fill = colour ? ` fill="${palette[colour]}"` : ''
  const weight = isBold ? ' font-weight="bold"' : ''
  return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${fill}${weight}>${escapeXml(shown)}</text>`
}

function toPixels(columns: number): number {
  return Math.round(columns * COLUMN * 10) / 10
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
