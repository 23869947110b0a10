/** Shorthand for exchanges that the tables of API v2 repeat, in the language of exchanges.ts. */

/** Makes the image `i5`, of number 5, queued and with both formats. @param more attributes, `, "protected": true` */
export function makeImage(number: number, more = ''): string {
  return `POST makes image ${number}
> POST /v2/images
> (body) {"id": "#${number}", "name": "i${number}", "disk_format": "raw", "container_format": "bare"${more}}
< 201`
}

/** The request of a patch; its answer follows in the table. */
export function patch(title: string, number: number, operations: string): string {
  return `${title}
> PATCH /v2/images/#${number}
> content-type: application/openstack-images-v2.1-json-patch
> (body) ${operations}`
}

/** The request of an import; its answer follows in the table. @param more members of the body, `, "stores": ["x"]` */
export function importImage(title: string, number: number, method: string, more = ''): string {
  return `${title}
> POST /v2/images/#${number}/import
> (body) {"method": ${method}${more}}`
}
