/** Error pages as Glance writes them. */

export function html(title: string, text: string): string {
  return `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n  ${text}\n\n\n </body>\n</html>`
}
