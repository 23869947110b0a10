/** Section H of the recorded exchanges: DELETE of an image. */
import {witness} from './witness.js'

witness(
  'H. DELETE of an image',
  `
image 95
> POST /v1/images
> *id: #95 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201

image 96
> POST /v1/images
> *id: #96 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *protected: True
> Content-Type: application/octet-stream
> (body) abc
< 201

image 97
> POST /v1/images
> *id: #97 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 98
> POST /v1/images
> *id: #98 | *disk_format: raw | *container_format: bare
> (body) abc
< 400
= status=killed, size=0

image 99
> POST /v1/images
> *id: #99 | *disk_format: raw | *container_format: bare | *location: http://{SOURCE}/src.img
< 201

image 100
> POST /v1/images
> *id: #100 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201

image 101
> POST /v1/images
> *id: #101 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201

H1 plain
> DELETE /v1/images/#95
< 200 | content-type: text/html; charset=UTF-8
< (empty)

H2 twice
> DELETE /v1/images/#95
< 404
< (html) Image #95 not found.<br /><br />

H3 HEAD of a deleted image (the noauth caller is an administrator and still sees it)
> HEAD /v1/images/#95
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72 | content-type: text/html; charset=UTF-8
< (meta) {"status":"deleted","disk_format":"raw","name":"g","deleted":"True","container_format":"bare","size":"3","is_public":"True","id":"#95","checksum":"900150983cd24fb0d6963f7d28e17f72","deleted_at":"TIME"}
< (empty)

H4 GET of a deleted image
> GET /v1/images/#95
< 404
< (html) The resource could not be found.<br /><br /> Image #95 is not active

H5 protected
> DELETE /v1/images/#96
< 403
< (html) Image is protected<br /><br />

H6 unknown uuid
> DELETE /v1/images/#99999999
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

H7 id is no uuid
> DELETE /v1/images/12345
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier 12345 not found

H8 queued image
> DELETE /v1/images/#97
< 200 | content-type: text/html; charset=UTF-8
< (empty)

H9 killed image
> DELETE /v1/images/#98
< 200 | content-type: text/html; charset=UTF-8
< (empty)

H10 location image (the foreign data is not touched)
> DELETE /v1/images/#99
< 200 | content-type: text/html; charset=UTF-8
< (empty)

H11 DELETE with a body
> DELETE /v1/images/#100
> Content-Type: application/octet-stream
> (body) x
< 400
< (html) Malformed JSON in request body.<br /><br />

H12 GET of an image whose file vanished from the store
! remove-file #101
> GET /v1/images/#101
< 404
< (html) Image /STORE/#101 not found<br /><br />

H13 DELETE of an image whose file vanished from the store
> DELETE /v1/images/#101
< 200 | content-type: text/html; charset=UTF-8
< (empty)
`,
)
