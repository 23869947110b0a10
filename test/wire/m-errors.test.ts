/** Section M of the recorded exchanges: The shape of an error body. */
import {witness} from './witness.js'

witness(
  'M. The shape of an error body',
  String.raw`
image 1
> POST /v1/images
> *id: #1 | *name: alpha | *is_public: True | *disk_format: raw | *container_format: bare | *min_disk: 0
> *min_ram: 0 | *protected: False | *owner: someone | *property-distro: ubuntu | *property-arch: x86_64
> Content-Type: application/octet-stream
> (body) hello world
< 201

image 8
> POST /v1/images
> *id: #8 | *name: theta | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abcd
< 201

image 8 goes
> DELETE /v1/images/#8
< 200

M1 404 with Accept: (no such header)
> GET /v1/images/#99999999
> (no accept)
< 404 | content-type: text/plain; charset=UTF-8
< (text) "404 Not Found\n\nThe resource could not be found.\n\n Image with identifier #99999999 not found  "

M2 404 with Accept: */*
> GET /v1/images/#99999999
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

M3 404 with Accept: text/plain
> GET /v1/images/#99999999
> accept: text/plain
< 404 | content-type: text/plain; charset=UTF-8
< (text) "404 Not Found\n\nThe resource could not be found.\n\n Image with identifier #99999999 not found  "

M4 404 with Accept: text/html
> GET /v1/images/#99999999
> accept: text/html
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

M5 404 with Accept: application/json
> GET /v1/images/#99999999
> accept: application/json
< 404
< (json) {"message":"The resource could not be found.<br /><br />\nImage with identifier #99999999 not found\n\n","code":"404 Not Found","title":"Not Found"}

M6 404 with Accept: application/octet-stream
> GET /v1/images/#99999999
> accept: application/octet-stream
< 404 | content-type: text/plain; charset=UTF-8
< (text) "404 Not Found\n\nThe resource could not be found.\n\n Image with identifier #99999999 not found  "

M7 400 from the registry, no Accept header
> GET /v1/images?marker=4
> (no accept)
< 400 | content-type: text/plain; charset=UTF-8
< (text) "400 Bad Request\n\n400 Bad Request  Invalid marker format     \n\n   "

M8 400 from the registry, Accept: application/json
> GET /v1/images?marker=4
> accept: application/json
< 400
< (json) {"message":"400 Bad Request\n\nInvalid marker format\n\n   <br /><br />\n\n\n","code":"400 Bad Request","title":"Bad Request"}

M9 400 from the API itself, no Accept header
> GET /v1/images?size_min=abc
> (no accept)
< 400 | content-type: text/plain; charset=UTF-8
< (text) "400 Bad Request\n\nThe server could not comply with the request since it is either malformed or otherwise incorrect.\n\n Bad value passed to filter size_min got abc  "

M10 409, no Accept header
> POST /v1/images
> (no accept) | *id: #1 | *name: dup
< 409 | content-type: text/plain; charset=UTF-8
< (text) "409 Conflict\n\nAn image with identifier #1 already exists\n\n   "

M11 403, no Accept header
> PUT /v1/images/#8
> (no accept) | *name: x
< 403 | content-type: text/plain; charset=UTF-8
< (text) "403 Forbidden\n\nForbidden to update deleted image.\n\n   "

M12 405, no Accept header
> PATCH /v1/images
> (no accept)
< 405 | allow: GET, POST | content-type: text/plain; charset=UTF-8
< (text) "405 Method Not Allowed\n\nThe method PATCH is not allowed for this resource. \n\n "

M13 bad header, no Accept header
> POST /v1/images
> (no accept) | *frobnicate: 1
< 400 | content-type: text/plain; charset=UTF-8
< (text) "400 Bad Request\n\nThe server could not comply with the request since it is either malformed or otherwise incorrect.\n\n Bad header: x-image-meta-frobnicate  "

M14 bad disk_format, no Accept header
> POST /v1/images
> (no accept) | *disk_format: floppy
< 400 | content-type: text/plain; charset=UTF-8
< (text) "400 Bad Request\n\nInvalid disk format 'floppy' for image.\n\n   "

M15 500, no Accept header
> POST /v1/images
> (no accept) | *size:
< 500 | content-type: text/plain; charset=UTF-8
< (text) "500 Internal Server Error\n\nThe server has either erred or is incapable of performing the requested operation.\n\n   "
`,
)
