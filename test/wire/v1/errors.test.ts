/** The body of an error, as recorded (section M). */
import {replay} from './replay.js'
import {ALPHA, THETA} from './shorthand.js'

replay(
  'the body of an error',
  String.raw`
${ALPHA}

${THETA}

M1 an error is plain text when there is no Accept header
> GET /v1/images/#99999999
> (no accept)
< 404 | content-type: text/plain; charset=UTF-8
< (text) "404 Not Found\n\nThe resource could not be found.\n\n Image with identifier #99999999 not found  "

M2 an error is HTML for Accept: */*
> GET /v1/images/#99999999
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

M3 an error is plain text for Accept: text/plain
> GET /v1/images/#99999999
> accept: text/plain
< 404 | content-type: text/plain; charset=UTF-8
< (text) "404 Not Found\n\nThe resource could not be found.\n\n Image with identifier #99999999 not found  "

M4 an error is HTML for Accept: text/html
> GET /v1/images/#99999999
> accept: text/html
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

M5 an error is JSON for Accept: application/json
> GET /v1/images/#99999999
> accept: application/json
< 404
< (json) {"message":"The resource could not be found.<br /><br />\nImage with identifier #99999999 not found\n\n","code":"404 Not Found","title":"Not Found"}

M6 an error is plain text for an Accept that the server does not support
> GET /v1/images/#99999999
> accept: application/octet-stream
< 404 | content-type: text/plain; charset=UTF-8
< (text) "404 Not Found\n\nThe resource could not be found.\n\n Image with identifier #99999999 not found  "

M7 an error of the registry is nested in the message, in plain text
> GET /v1/images?marker=4
> (no accept)
< 400 | content-type: text/plain; charset=UTF-8
< (text) "400 Bad Request\n\n400 Bad Request  Invalid marker format     \n\n   "

M8 an error of the registry is nested in the message, in JSON
> GET /v1/images?marker=4
> accept: application/json
< 400
< (json) {"message":"400 Bad Request\n\nInvalid marker format\n\n   <br /><br />\n\n\n","code":"400 Bad Request","title":"Bad Request"}

M9 a 400 of the API itself is not nested
> GET /v1/images?size_min=abc
> (no accept)
< 400 | content-type: text/plain; charset=UTF-8
< (text) "400 Bad Request\n\nThe server could not comply with the request since it is either malformed or otherwise incorrect.\n\n Bad value passed to filter size_min got abc  "

M10 a 409 without an Accept header is plain text
> POST /v1/images
> (no accept) | *id: #1 | *name: dup
< 409 | content-type: text/plain; charset=UTF-8
< (text) "409 Conflict\n\nAn image with identifier #1 already exists\n\n   "

M11 a 403 without an Accept header is plain text
> PUT /v1/images/#8
> (no accept) | *name: x
< 403 | content-type: text/plain; charset=UTF-8
< (text) "403 Forbidden\n\nForbidden to update deleted image.\n\n   "

M12 a 405 without an Accept header is plain text
> PATCH /v1/images
> (no accept)
< 405 | allow: GET, POST | content-type: text/plain; charset=UTF-8
< (text) "405 Method Not Allowed\n\nThe method PATCH is not allowed for this resource. \n\n "

M13 a bad header is refused in plain text
> POST /v1/images
> (no accept) | *frobnicate: 1
< 400 | content-type: text/plain; charset=UTF-8
< (text) "400 Bad Request\n\nThe server could not comply with the request since it is either malformed or otherwise incorrect.\n\n Bad header: x-image-meta-frobnicate  "

M14 a bad disk_format is refused in plain text
> POST /v1/images
> (no accept) | *disk_format: floppy
< 400 | content-type: text/plain; charset=UTF-8
< (text) "400 Bad Request\n\nInvalid disk format 'floppy' for image.\n\n   "

M15 a 500 without an Accept header is plain text
> POST /v1/images
> (no accept) | *size:
< 500 | content-type: text/plain; charset=UTF-8
< (text) "500 Internal Server Error\n\nThe server has either erred or is incapable of performing the requested operation.\n\n   "
`,
)
