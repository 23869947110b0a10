/** Formats sizes for people. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** Bytes as a person reads them: `999 B`, `1.5 KiB`, `123 MiB`. */
export function formatSize(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? Math.round(value) : value < 100 ? value.toFixed(1) : Math.floor(value)} ${UNITS[power]}`
}
